#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Brings messages with files as its first argument says, once there is a file `go` in its second,
# a folder, where it keeps what it gets.
import base64, json, os, shutil, sys, time

what, kept = sys.argv[1:]


def say(**line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def bring(number, *files):
    say(accept=number, **{"from": "sms:+1"}, to=["ben"], text="look", origin_id=what + str(number),
        verified=True, files=list(files))


folder = json.loads(sys.stdin.readline())["folder"]
say(hello=1, limits={"window": 8, "file_bytes": 1000000})
while not os.path.exists(kept + "/go"):
    time.sleep(0.05)
if what == "good":
    shutil.copy(kept + "/goat.jpg", folder)
    bring(1, {"name": "goat.jpg", "type": "image/jpeg", "path": "goat.jpg"},
          {"name": "note.txt", "type": "text/plain", "base64": base64.b64encode(b"at the ford").decode()})
if what == "bad":
    os.symlink(kept + "/goat.jpg", folder + "/link.jpg")
    with open(folder + "/large", "wb") as file:
        file.truncate(11 << 20)
    bring(1, {"name": "goat.jpg", "path": kept + "/goat.jpg"})
    bring(2, {"name": "goat.jpg", "path": "../../goat.jpg"})
    bring(3, {"name": "goat.jpg", "path": "link.jpg"})
    bring(4, {"name": "large", "path": "large"})
    bring(5, {"name": "goat.jpg", "base64": "/9j/!"})
for text in sys.stdin:
    line = json.loads(text)
    with open(kept + "/answers", "a") as file:
        file.write(text)
    if "deliver" in line:
        for each in line.get("files", []):
            shutil.copy(each["path"], kept + "/got-" + each["name"])
        say(report=line["deliver"], outcome="sent")
