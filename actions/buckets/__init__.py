"""What PDFMagic's actions have in common that work on objects in Cloud Storage: v2, upload, result."""
