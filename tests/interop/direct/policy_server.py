# SPDX-License-Identifier: Apache-2.0
"""Serves files over HTTPS: FOLDER/<Host>.http is sent as it stands, status line and all.

policy_server.py PORT CERTIFICATE KEY FOLDER
"""
import os
import socketserver
import ssl
import sys

port, certificate, key, folder = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        host = ""
        path = self.rfile.readline(4096).split(b" ")[1:2]
        while line := self.rfile.readline(4096).strip():
            if line.lower().startswith(b"host:"):
                host = line[5:].strip().decode().split(":")[0]
        with open(os.path.join(folder, "asked.log"), "a") as log:
            log.write("%s %s\n" % (host, path[0].decode() if path else ""))
        try:
            with open(os.path.join(folder, host + ".http"), "rb") as answer:
                self.wfile.write(answer.read())
        except OSError:
            self.wfile.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def get_request(self):
        connection, address = self.socket.accept()
        return context.wrap_socket(connection, server_side=True), address

    def handle_error(self, request, client_address):
        pass  # a client that does not like the certificate


with Server(("127.0.0.1", int(port)), Handler) as server:
    server.serve_forever()
