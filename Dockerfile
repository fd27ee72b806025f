# The image is one static program and its certificates: no shell, no packages, no root.
ARG GO_VERSION=1.26.8

FROM golang:${GO_VERSION}-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
ARG TARGETOS TARGETARCH
RUN CGO_ENABLED=0 GOOS=${TARGETOS} GOARCH=${TARGETARCH} \
    go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /out/qunxian ./cmd/qunxian
# a new volume takes owner and mode of the folder it is mounted on
RUN install -d -m 0700 /out/data /out/keys && install -d -m 1777 /out/tmp

FROM scratch
ARG VERSION=dev
LABEL org.opencontainers.image.title="qunxian" \
      org.opencontainers.image.description="Talent registry and recruitment tracker of a city" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build --chown=65532:65532 /out/ /
# the keyring lies on a volume of its own: whoever copies the registry has no keys
ENV QUNXIAN_DB=file:/data/qunxian.db \
    QUNXIAN_KEYRING=/keys/keyring.json \
    QUNXIAN_SOCKET=/data/qunxian.sock
USER 65532:65532
VOLUME ["/data", "/keys"]
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 CMD ["/qunxian", "health"]
ENTRYPOINT ["/qunxian"]
CMD ["serve"]
