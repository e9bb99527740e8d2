"""PDFMagic as a service of Cloud Run: the actions of OpenWhisk behind plain HTTP and CloudEvents."""
