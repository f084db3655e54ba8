/* Before anything is painted: whether the reader is to guess first. */
if (!/[#&]skip=/.test(location.hash)) document.documentElement.classList.add('guessing');
