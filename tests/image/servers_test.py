#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""servers_test.py WAYPOST: what the image's programs `servers` and `mail-passwords`, which are root's, take of what the gateway
writes, and that nothing else comes through. They run as they are, but for the places of their files; `systemctl` and `ss`
are not the machine's. Status 77: this machine has not the users, or we are not root."""
import grp
import os
import pwd
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = os.path.join(HERE, "../../image/files/usr/libexec/waypost-appliance")
HASH = "{ARGON2ID}$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$YWJjZGVmZ2g+/"
PLAN = """mail=yes
chat=yes
domain=hill.example
mail.host=waypost.local
mail.smtp=2525
mail.lmtp=2424
mail.imap_port=143
mail.imaps_port=993
mail.submission_port=587
mail.submissions_port=465
mail.outside_port=0
mail.mailbox_port=2426
mail.max_message=20971520
chat.accounts=hill.example
chat.domain=chat.hill.example
chat.host=waypost.local
chat.secret=0123456789abcdef0123456789abcdef
chat.component_port=5347
chat.port=5222
chat.tls_port=5223
chat.upload_port=5281
chat.archive_days=14
chat.upload_space=1073741824
chat.max_file_bytes=10485760
"""
HOSTILE = """domain=a"\\nmail_user="root
mail.host=$(reboot)
mail.imap_port=143; reboot
mail.passwords=/etc/shadow
mail.mail_user=root
chat.sign_in=/etc
chat.secret=short
chat.host=`reboot`
 mail.host=x
"""


class Box:
    def __init__(self, folder, waypost):
        self.folder, self.bin = folder, os.path.join(folder, "bin")
        for each in ("bin", "run", "gateway", "mail", "chat", "calls"):
            os.mkdir(os.path.join(folder, each))
        places = (("/run/waypost-servers", "run"), ("/run/waypost/", "gateway/"), ("/var/lib/waypost-mail", "mail"),
                  ("/var/lib/waypost-chat", "chat"), ("/var/lib/waypost/", "gateway/"),
                  ("/usr/libexec/waypost-appliance/", "bin/"))
        for name in ("servers", "mail-passwords"):
            with open(os.path.join(PROGRAMS, name)) as file:
                text = file.read()
            for ours, here in places:
                text = text.replace(ours, os.path.join(folder, here))
            self.program(name, text)
        self.program("systemctl", '#!/bin/sh\necho "$@" >>%s/calls/all\ncase "$*" in *is-*) exit 1 ;; esac\n' % folder)
        self.program("ss", "#!/bin/sh\necho LISTEN\n")
        os.symlink(os.path.abspath(waypost), os.path.join(self.bin, "waypost"))

    def program(self, name, text):
        with open(os.path.join(self.bin, name), "w") as file:
            file.write(text)
        os.chmod(os.path.join(self.bin, name), 0o755)

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w") as file:
            file.write(text)

    def read(self, name):
        with open(os.path.join(self.folder, name)) as file:
            return file.read()

    def run(self, name):
        """What was asked of systemctl, but questions."""
        self.write("calls/all", "")
        done = subprocess.run(["sh", os.path.join(self.bin, name)], capture_output=True, text=True,
                              env={**os.environ, "PATH": self.bin + ":" + os.environ["PATH"]})
        assert done.returncode == 0, done.stderr
        return [each for each in self.read("calls/all").splitlines() if "is-" not in each and "reset-failed" not in each]


def passwords(box):
    good = "ana:%s::::/var/lib/waypost-mail/boxes/ana-0f0f0f0f\n" % HASH
    ours = "ana:%s::::%s/mail/boxes/ana-0f0f0f0f\n" % (HASH, box.folder)
    bad = ["ben:%s:0:0::/x/ben-0f\n", "eve:%s::::/x/eve-0f:/bin/sh:userdb_mail_plugins=x\n", "kim:%s::::/x/..\n",
           "lea:%s::::/x/lea 0f\n", "root:%s::0::/x/root\n", "UPPER:%s::::/x/upper\n", "%s::::/x/none\n", "sue:%s\n",
           "a:%s::::/x/a allow_nets=0\n"]
    text = "# ours\n" + good + "".join(each % HASH for each in bad) + "joe:{PLAIN}x::::/x/joe-0f\nmax:{ARGON2ID}$x::::/x/m\n"
    box.write("gateway/mail-passwords", text)
    box.run("mail-passwords")
    assert box.read("mail/passwords") == ours, box.read("mail/passwords")
    facts = os.stat(os.path.join(box.folder, "mail/passwords"))
    assert facts.st_mode & 0o777 == 0o640 and facts.st_gid == grp.getgrnam("dovecot").gr_gid
    box.write("gateway/mail-passwords", good.replace("ana", "una"))
    box.run("mail-passwords")
    second = os.stat(os.path.join(box.folder, "mail/passwords"))
    assert box.read("mail/passwords").startswith("una:")
    assert int(second.st_mtime) > int(facts.st_mtime), "of the same size and second, Dovecot would not read it"
    box.run("mail-passwords")
    assert box.read("mail/passwords").startswith("una:"), "nothing new changes nothing"
    os.symlink("/etc/passwd", os.path.join(box.folder, "gateway/mail-passwords"))
    box.run("mail-passwords")
    assert box.read("mail/passwords") == "", "a file that is no file"


def servers(box):
    box.write("gateway/servers", PLAN)
    assert box.run("servers") == ["restart waypost-mail-boxes waypost-mail-sending", "--no-block reload waypost",
                                  "restart waypost-chat"]
    state = dict(line.split("=", 1) for line in box.read("run/state").splitlines())
    assert state["mail.state"] == state["chat.state"] == "running" and len(state["mail.fingerprint"]) == 95, state
    assert "port = 143" in box.read("mail/server/dovecot/dovecot.conf")
    assert 'component_secret = "0123456789abcdef' in box.read("chat/server/prosody.cfg.lua")
    box.write("gateway/servers", PLAN)
    again = box.run("servers")
    assert not any(each.startswith("restart") for each in again), again
    box.write("gateway/servers", PLAN.replace("imap_port=143", "imap_port=1143"))
    assert box.run("servers")[0] == "restart waypost-mail-boxes waypost-mail-sending"


def hostile(box):
    # The first line of its form counts, so what is of no form stands before.
    box.write("gateway/servers", HOSTILE + PLAN)
    box.run("servers")
    settings = box.read("run/waypost.toml")
    for each in ("reboot", "shadow", "mail_user", "root", "/etc", " x"):
        assert each not in settings.replace(" = ", "="), each
    assert 'domain = "hill.example"' in settings and "imap_port = 143\n" in settings
    os.symlink("/etc/passwd", os.path.join(box.folder, "gateway/servers"))
    assert box.run("servers") == [], "a plan that is no file changes nothing"
    os.makedirs(os.path.join(box.folder, "gateway/servers/x"))
    box.run("servers")
    assert not os.path.exists(os.path.join(box.folder, "gateway/servers")), "or it would be asked for again and again"
    box.write("gateway/servers", "mail=yes\ndomain=hill.example\n")
    box.run("servers")
    state = box.read("run/state")
    assert "mail.state=failed" in state and "chat.state=off" in state, state
    why = state.split("mail.why=")[1].splitlines()[0]
    assert why, "it says what is missing"
    box.write("gateway/servers", "mail=no\nchat=no\ndomain=hill.example\n")
    assert box.run("servers") == ["stop waypost-mail-boxes waypost-mail-sending", "stop waypost-chat"]
    assert box.read("run/state").count("state=off") == 2


def main():
    try:
        for each in ("postfix", "prosody", "vmail"):
            pwd.getpwnam(each)
        grp.getgrnam("dovecot")
    except KeyError as missing:
        print("skipped: %s" % missing)
        sys.exit(77)
    if os.geteuid() != 0:
        print("skipped: only root makes files for others")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        box = Box(folder, sys.argv[1])
        passwords(box)
        servers(box)
        hostile(box)
    print("what is taken of the gateway's files is what it should be")


main()
