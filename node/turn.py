"""A small TURN client (RFC 8656) with LiveKit's credentials: enough to pass packets from relay to relay."""

import hashlib
import hmac
import os
import socket
import ssl
import struct
import time

MAGIC = 0x2112A442
TURN_SECONDS = 3.0
UDP_TRIES = 3

ALLOCATE, REFRESH, CREATE_PERMISSION = 0x003, 0x004, 0x008
SEND, DATA = 0x016, 0x017
USERNAME, INTEGRITY, ERROR_CODE, LIFETIME = 0x0006, 0x0008, 0x0009, 0x000D
PEER_ADDRESS, DATA_VALUE, REALM, NONCE = 0x0012, 0x0013, 0x0014, 0x0015
RELAYED_ADDRESS, TRANSPORT = 0x0016, 0x0019
UDP_TRANSPORT = struct.pack("!BBH", 17, 0, 0)

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


class Refused(Exception):
    """What the relay did not do, in words."""


def base62(data):
    """The bit-packing code of LiveKit's credentials (turn/base62.ts tells it in full)."""
    value, bits, text = int.from_bytes(data, "big"), 8 * len(data), ""
    while bits > 0:
        group = value & 63
        short = group & 30 == 30 and (bits > 6 or group > 31)
        text += ALPHABET[group & 31 if short else group]
        size = 5 if short else 6
        value, bits = value >> size, bits - size
    return text


def credential(key, secret, participant, expires_at):
    """User name and password as LiveKit makes them (turn/livekit.ts)."""

    def joined(first):
        return f"{first}|{participant}|{expires_at}".encode()

    return base62(joined(key)), base62(hashlib.sha256(joined(secret)).digest())


def attribute(kind, value):
    return struct.pack("!HH", kind, len(value)) + value + b"\0" * (-len(value) % 4)


def address_value(host, port):
    """An address, hidden as XOR-PEER-ADDRESS is (RFC 8489 section 14.2)."""
    number = struct.unpack("!I", socket.inet_aton(host))[0] ^ MAGIC
    return struct.pack("!BBHI", 0, 1, port ^ (MAGIC >> 16), number)


def read_address(value):
    _, _, port, number = struct.unpack("!BBHI", value[:8])
    return socket.inet_ntoa(struct.pack("!I", number ^ MAGIC)), port ^ (MAGIC >> 16)


def message(kind, transaction, attributes, key=None):
    """A STUN message; with a key it is signed."""
    body = b"".join(attribute(*it) for it in attributes)
    length = len(body) + (24 if key else 0)
    head = struct.pack("!HHI", kind, length, MAGIC) + transaction
    if key:
        body += attribute(INTEGRITY, hmac.new(key, head + body, "sha1").digest())
    return head + body


def parse(data):
    """Kind, transaction and attributes of a message."""
    kind, length = struct.unpack("!HH", data[:4])
    found, at = {}, 20
    while at + 4 <= 20 + length:
        name, size = struct.unpack("!HH", data[at : at + 4])
        found.setdefault(name, data[at + 4 : at + 4 + size])
        at += 4 + size + (-size % 4)
    return kind, data[8:20], found


class Client:
    """One allocation. `tls` is a context of ssl, or None for UDP."""

    def __init__(self, host, port, user, password, tls=None):
        self.user, self.password = user, password
        self.realm = self.nonce = self.key = None
        self.buffer = b""
        self.stream = tls is not None
        if tls:
            plain = socket.create_connection((host, port), TURN_SECONDS)
            self.socket = tls.wrap_socket(plain, server_hostname=host)
        else:
            self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.socket.connect((host, port))
        self.data = []
        self.relay = None

    def receive(self, end):
        """The next message; None when the time is over."""
        while True:
            if self.stream and len(self.buffer) >= 20:
                size = 20 + struct.unpack("!H", self.buffer[2:4])[0]
                if len(self.buffer) >= size:
                    taken, self.buffer = self.buffer[:size], self.buffer[size:]
                    return parse(taken)
            left = end - time.monotonic()
            if left <= 0:
                return None
            self.socket.settimeout(left)
            try:
                got = self.socket.recv(65536)
            except socket.timeout:
                return None
            if not got:
                raise Refused("the relay closed the connection")
            if not self.stream:
                return parse(got)
            self.buffer += got

    def exchange(self, method, attributes):
        """An answer to a request, which is sent again over UDP when there is none."""
        transaction = os.urandom(12)
        signed = [(USERNAME, self.user.encode()), (REALM, self.realm), (NONCE, self.nonce)]
        given = [*attributes, *(signed if self.key else [])]
        asked = message(method, transaction, given, self.key)
        tries = 1 if self.stream else UDP_TRIES
        for _ in range(tries):
            self.socket.sendall(asked)
            end = time.monotonic() + TURN_SECONDS / tries
            while True:
                answer = self.receive(end)
                if answer is None:
                    break
                kind, of, found = answer
                if of == transaction:
                    return kind & 0x0110, found
                self.keep(kind, found)
        raise Refused("the relay does not answer")

    def keep(self, kind, found):
        if kind == DATA | 0x0010 and DATA_VALUE in found:
            self.data.append(found[DATA_VALUE])

    def request(self, method, attributes):
        """A request that has to succeed; the first one learns realm and nonce, and any one a newer nonce."""
        for _ in range(3):
            outcome, found = self.exchange(method, attributes)
            if outcome == 0x0100:
                return found
            code = found.get(ERROR_CODE, b"\0\0\0\0")
            number = (code[2] & 7) * 100 + code[3]
            if NONCE not in found or number not in (401, 438) or (number == 401 and self.key):
                break
            self.realm, self.nonce = found.get(REALM, self.realm), found[NONCE]
            whole = b":".join([self.user.encode(), self.realm, self.password.encode()])
            self.key = hashlib.md5(whole).digest()
        raise Refused(f"the relay answers {number}")

    def allocate(self):
        self.relay = read_address(
            self.request(ALLOCATE, [(TRANSPORT, UDP_TRANSPORT)])[RELAYED_ADDRESS]
        )

    def permit(self, peer):
        self.request(CREATE_PERMISSION, [(PEER_ADDRESS, address_value(*peer))])

    def send(self, peer, data):
        given = [(PEER_ADDRESS, address_value(*peer)), (DATA_VALUE, data)]
        self.socket.sendall(message(SEND | 0x0010, os.urandom(12), given))

    def wait(self, wanted, seconds):
        """Whether that packet comes in time."""
        end = time.monotonic() + seconds
        while wanted not in self.data:
            answer = self.receive(end)
            if answer is None:
                return False
            self.keep(answer[0], answer[2])
        return True

    def close(self):
        """Gives the allocation back."""
        try:
            if self.relay:
                self.request(REFRESH, [(LIFETIME, struct.pack("!I", 0))])
        except (OSError, Refused):
            pass  # it ends by itself
        finally:
            self.socket.close()


def anyone():
    """TLS with whatever certificate: its days are told apart from the relay."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def prove(host, udp_port, tls_port, user, password):
    """Milliseconds that a packet takes over UDP and TLS, through two relays and back. Raises what fails."""
    clients = []
    try:
        clients.append(Client(host, udp_port, user, password))
        clients.append(Client(host, tls_port, user, password, anyone()))
        for client in clients:
            client.allocate()
        first, second = clients
        first.permit(second.relay)
        second.permit(first.relay)
        for _ in range(UDP_TRIES):
            there, back = os.urandom(16), os.urandom(16)
            began = time.monotonic()
            first.send(second.relay, there)
            if second.wait(there, TURN_SECONDS / UDP_TRIES):
                second.send(first.relay, back)
                if first.wait(back, TURN_SECONDS / UDP_TRIES):
                    return (time.monotonic() - began) * 1000
        raise Refused("no packet comes through")
    finally:
        for client in clients:
            client.close()
