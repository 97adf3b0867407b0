# docker build -t paperglot . && docker run --rm -p 127.0.0.1:8000:8000 -v paperglot:/data -e ACCESS_TOKEN=… paperglot
FROM python:3.13-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY backend backend
COPY gunicorn.conf.py .
RUN useradd --create-home paperglot && mkdir /data && chown paperglot /data
USER paperglot
# Inside a container only its own network reaches 127.0.0.1.
ENV BIND=0.0.0.0 DATABASE_URL=sqlite:////data/paperglot.sqlite3
VOLUME /data
EXPOSE 8000
# The server ends within STOP_SECONDS, 8 by default; Docker kills after 10, or what docker run --stop-timeout says.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-I", "backend/server/healthcheck.py"]
CMD ["python", "-m", "backend"]
