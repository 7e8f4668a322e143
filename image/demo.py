# SPDX-License-Identifier: Apache-2.0
"""What `./dev demo` has, inside an emulated box: a simulated Meshtastic village on a serial line of its own, and mail."""

VILLAGE = """[channel]
preset = 0
region = 3
seed = 7
[[node]]
name = "post"
long_name = "POST hill DM ?"
id = "!00000001"
port = "pty:/run/demo/radio"
[[node]]
name = "ana"
id = "!0000000a"
[[node]]
name = "ben"
id = "!0000000b"
"""
# The smarthost is not there, as for a box without the Internet.
SETTINGS = """[meshtastic.roof]
port = "serial:/run/demo/radio"
[email.relay]
listen = ["smtp:127.0.0.1:2525"]
smarthost = "smtp:127.0.0.1:2526"
security = "plain"
"""


def write(box, file, text):
    box.ask("cat >%s <<'END'\n%sEND\n:" % (file, text))


def begin(box):
    """Until the gateway says that its radio works."""
    box.ask("mkdir -p /run/demo; mkfifo /run/demo/people")
    write(box, "/run/demo/village.toml", VILLAGE)
    write(box, "/etc/waypost/waypost.toml.d/demo.toml", SETTINGS)
    # A pipe that it holds both ends of: it ends where its people do.
    box.ask("systemd-run --quiet --unit=village sh -c 'exec waypost simulate /run/demo/village.toml <>/run/demo/people'")
    box.until("the village's radio", lambda: box.ask("chown waypost $(readlink -e /run/demo/radio) && echo yes") == "yes")
    box.ask("systemctl restart waypost")
    box.until("the radio to work", lambda: "meshtastic.roof: works" in box.ask("waypost status"))


def village_memory(box):
    """MiB that are the village's alone, which no box has."""
    rollup = box.ask("cat /proc/$(systemctl show -P MainPID village)/smaps_rollup")
    return sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Private_")) >> 10
