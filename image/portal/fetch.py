# SPDX-License-Identifier: Apache-2.0
"""fetch.py HOST/PATH: by http; prints head and body, and does not go where it is sent."""
import http.client
import sys

host, _, path = sys.argv[1].partition("/")
asks = http.client.HTTPConnection(host, 80, timeout=60)
try:
    asks.request("GET", "/" + path)
    answer = asks.getresponse()
    print(answer.status, answer.reason)
    print(answer.msg, answer.read(10000).decode(errors="replace"))
except OSError as error:
    print(error)
