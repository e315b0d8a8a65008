module turnkey/bench/relay/generator

go 1.25.0

require (
	github.com/pion/stun/v3 v3.1.6
	golang.org/x/net v0.57.0
	golang.org/x/sys v0.47.0
)

require (
	github.com/pion/dtls/v3 v3.1.4 // indirect
	github.com/pion/logging v0.2.4 // indirect
	github.com/pion/transport/v4 v4.0.2 // indirect
	github.com/wlynxg/anet v0.0.5 // indirect
	golang.org/x/crypto v0.54.0 // indirect
)
