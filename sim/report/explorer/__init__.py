"""The explorer: one offline page that counts the zone again while red lines, beliefs and weights move."""
