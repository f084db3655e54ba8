"""What a party puts on the table: its opening, the moves around what lies there, and which of them it prefers."""
