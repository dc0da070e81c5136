# The targets that people of other projects try first. The work is done elsewhere: by ./mvnw, by
# .ci/run and by the scripts in deploy/.

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
IMAGE ?= seqthink-wrapper

.PHONY: all build vet lint test docker devserver clean

all: vet lint test build ## what must hold before a change lands

build: ## the runnable service in target/quarkus-app
	./mvnw -q -B package -DskipTests

vet: ## compiles everything, tests too, with every warning an error
	./mvnw -q -B test-compile

lint: ## how code, scripts and manifests are written
	.ci/lint

test: ## unit and HTTP tests, and those against the packaged service
	./mvnw -B verify

docker: ## the image on a JVM, tagged with the version
	./mvnw -q -B package -DskipTests -Drevision=$(VERSION)
	docker build --build-arg VERSION=$(VERSION) -t $(IMAGE):$(VERSION) -f src/main/docker/Dockerfile.jvm .

devserver: ## a whole door on loopback with keys made for it, until Ctrl-C
	deploy/demo.sh

clean:
	./mvnw -q -B clean
