"""Codes on tables: QR codes as pictures, and the cards they are printed on."""
