# Stands in for python:3.12-slim-bookworm where no registry is reached: Debian's Python, as `python` and with a pip that may
# install, and that trusts whom the machine trusts: certificates.pem.
ARG DEBIAN
FROM ${DEBIAN}
RUN python3 -m venv /opt/python
COPY certificates.pem /opt/python/
ENV PATH=/opt/python/bin:$PATH PIP_CERT=/opt/python/certificates.pem
