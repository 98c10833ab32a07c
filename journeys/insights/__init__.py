"""What a journey's answers say: pure numbers over plain rows, without Django."""
