"""What all versions of PDFMagic share: the conversion of one JPEG to one PDF, and the errors that it can end with."""
