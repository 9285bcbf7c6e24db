#!/usr/bin/env python3
"""A receiver of the watch's webhooks: what is forged, late or repeated is refused.

    PACIOLI_WEBHOOK_SECRET=whsec_... ./verify.py 8080

Keep the ids where they outlive a restart; here they are in memory.
"""

import base64
import hashlib
import hmac
import http.server
import json
import os
import sys
import time

TOLERANCE = 300
MOST_BYTES = 1 << 20


def is_signed(secret, message, timestamp, body, signatures):
    """Whether one of the signatures is by the secret: while it is replaced, there are two."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{message}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    wanted = "v1," + base64.b64encode(digest).decode()
    found = [hmac.compare_digest(wanted, one) for one in signatures.split(" ")]
    return any(found)


class Receiver(http.server.BaseHTTPRequestHandler):
    """Takes each message once."""

    seen = set()
    secret = ""

    def do_POST(self):
        length = int(self.headers.get("content-length", 0))
        # A negative one would read until the end, which may never come.
        body = self.rfile.read(max(0, min(length, MOST_BYTES)))
        names = ("webhook-id", "webhook-timestamp", "webhook-signature")
        message, timestamp, signatures = (self.headers.get(name, "") for name in names)
        if not is_signed(self.secret, message, timestamp, body, signatures):
            return self.answer(401)
        # Signed, so a number.
        if abs(time.time() - int(timestamp)) > TOLERANCE:
            return self.answer(400)
        if message not in self.seen:
            self.seen.add(message)
            print(json.dumps(json.loads(body)), flush=True)
        # It was taken, now or before: so that it is not sent again.
        return self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    Receiver.secret = os.environ["PACIOLI_WEBHOOK_SECRET"]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver)
    print(f"listening on {server.server_address[1]}", file=sys.stderr, flush=True)
    server.serve_forever()
