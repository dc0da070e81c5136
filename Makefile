# The usual targets. The work is done by ./mvnw, .ci/run and the scripts in deploy/.

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
IMAGE ?= seqthink-wrapper

.PHONY: all build vet lint test docker devserver clean

all: vet lint test build ## everything that must pass before a change lands

build: ## the runnable service in target/quarkus-app
	./mvnw -q -B package -DskipTests

vet: ## compiles main and test code; warnings are errors
	./mvnw -q -B test-compile

lint: ## checks code, scripts and manifests
	.ci/lint

test: ## unit and HTTP tests, and those of the packaged service
	./mvnw -B verify

docker: ## the JVM image, tagged with the version
	./mvnw -q -B package -DskipTests -Drevision=$(VERSION)
	docker build --build-arg VERSION=$(VERSION) -t $(IMAGE):$(VERSION) -f src/main/docker/Dockerfile.jvm .

devserver: ## a gateway on loopback with new keys, until Ctrl-C
	deploy/demo.sh

clean:
	./mvnw -q -B clean
