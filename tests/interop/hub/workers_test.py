#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""workers_test.py BIN: two workers of a hub, as their programs, on a PostgreSQL with a replica. Mail is handed over by SMTP
and goes on to Postfix's smtp-sink. The worker that has the work opens anew (SIGHUP) and is killed in mid-flow, then its
follower is frozen beyond its lease and goes on, then the primary is killed and its replica promoted. What was answered with
250 arrives; a second copy comes only of what was under way to the sink at that moment, under the same Message-ID.
"""
import collections
import email
import glob
import json
import os
import pwd
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import threading
import time

BIN = os.path.abspath(sys.argv[1])
POSTGRESQL = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
SINK = "/usr/sbin/smtp-sink"
CONNECTIONS = 4  # to the sink at once: so many may be under way when a worker dies


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(what, done, seconds):
    began = time.monotonic()
    while not done():
        assert time.monotonic() - began < seconds, "in vain for %d s: %s" % (seconds, what)
        time.sleep(0.05)
    return time.monotonic() - began


class Server:
    """A PostgreSQL in a folder of its own, on a Unix socket only."""

    def __init__(self, folder, primary=None):
        self.folder = folder
        os.mkdir(folder)
        if os.geteuid() == 0:
            os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
        data = folder + "/data"
        if primary is None:
            self.run("initdb", "-A", "trust", "-U", "waypost", "-D", data)
            more = "listen_addresses = ''\nmax_connections = 60\nshared_buffers = 32MB\n"
        else:
            self.run("pg_basebackup", "-R", "-X", "stream", "-c", "fast", "-U", "waypost", "-h", primary.folder, "-D", data)
            more = "primary_conninfo = 'host=%s user=waypost application_name=replica'\n" % primary.folder
        with open(data + "/postgresql.auto.conf", "a") as conf:
            conf.write(more + "unix_socket_directories = '%s'\n" % folder)
        self.run("pg_ctl", "-s", "-w", "-D", data, "-l", folder + "/log", "start")
        with open(data + "/postmaster.pid") as file:
            self.pid = int(file.readline())

    @staticmethod
    def run(program, *words):
        before = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        return subprocess.run([*before, os.path.join(POSTGRESQL, program), *words], check=True, stdout=subprocess.PIPE,
                              text=True).stdout.strip()

    def ask(self, sql, database="hub"):
        return self.run("psql", "-qtA", "-h", self.folder, "-U", "waypost", "-d", database, "-c", sql)

    def kill(self):
        """Each of its processes, at once: its machine is gone."""
        data, left = self.folder + "/data", True
        while left:
            left = [int(each.split("/")[2]) for each in glob.glob("/proc/[0-9]*/cwd") if link(each) == data]
            for each in left:
                os.kill(each, signal.SIGKILL)

    def promote(self):
        self.run("pg_ctl", "-s", "-w", "-D", self.folder + "/data", "promote")


def link(path):
    try:
        return os.readlink(path)
    except OSError:
        return ""


class Worker:
    def __init__(self, work, name, connection, port, sink):
        self.name, self.config = name, "%s/%s.toml" % (work, name)
        with open(self.config, "w") as file:
            file.write("""[box]
domain = "hub.example"
[store]
path = "{work}/{name}.db"
postgresql = "{connection}"
worker = "{name}"
[api]
socket = "{work}/{name}.sock"
[limits]
person_mails_per_day = 10000
[email.out]
listen = ["smtp:127.0.0.1:{port}"]
trusted = ["127.0.0.1/32"]
smarthost = "smtp:127.0.0.1:{sink}"
security = "plain"
connections = {connections}
autocrypt = false
""".format(work=work, name=name, connection=connection, port=port, sink=sink, connections=CONNECTIONS))
        self.log = open("%s/%s.log" % (work, name), "a")
        self.process = None

    def start(self):
        self.process = subprocess.Popen([BIN + "/waypostd", "--config", self.config], stdout=self.log, stderr=self.log)

    def waypost(self, *words):
        return subprocess.run([BIN + "/waypost", "--config", self.config, *words], capture_output=True, text=True)

    def has_work(self):
        return self.waypost("status").returncode == 0

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            self.process.wait(30)


class Senders:
    """Each hands its letters over again until they are answered with 250."""

    def __init__(self, port, many=3):
        self.port, self.acknowledged, self.stopping = port, [], False
        self.said = collections.Counter()  # why one was not taken
        self.all = [threading.Thread(target=self.send, args=(each,)) for each in range(many)]
        for each in self.all:
            each.start()

    def send(self, who):
        number = 0
        while not self.stopping:
            subject = "letter-%d-%d" % (who, number)
            try:
                with smtplib.SMTP("127.0.0.1", self.port, timeout=60) as smtp:
                    while not self.stopping:
                        subject = "letter-%d-%d" % (who, number)
                        smtp.sendmail("ana@hub.example", ["bob@far.example"],
                                      "From: ana@hub.example\r\nTo: bob@far.example\r\nMessage-ID: <%s@hub.example>\r\n"
                                      "Subject: %s\r\n\r\nAre you there?\r\n" % (subject, subject))
                        self.acknowledged.append(subject)
                        number += 1
            except (OSError, smtplib.SMTPException) as e:
                self.said[str(e)[:120]] += 1
                time.sleep(0.1)

    def stop(self):
        self.stopping = True
        for each in self.all:
            each.join()


def arrived(work):
    found = collections.Counter()
    for name in glob.glob(work + "/sink/*"):
        with open(name, "rb") as file:
            found[email.message_from_binary_file(file)["Subject"]] += 1
    return found


def flows(senders, letters):
    """So many more are acknowledged."""
    wanted = len(senders.acknowledged) + letters
    return until("letters to be taken", lambda: len(senders.acknowledged) >= wanted, 60)


def main(work):
    primary = Server(work + "/primary")
    servers = [primary]
    primary.run("createdb", "-h", primary.folder, "-U", "waypost", "hub")
    replica = Server(work + "/replica", primary)
    servers.append(replica)
    primary.ask("ALTER SYSTEM SET synchronous_standby_names = 'replica'")
    primary.ask("SELECT pg_reload_conf()")
    until("the replica to follow", lambda: primary.ask("SELECT sync_state FROM pg_stat_replication") == "sync", 20)
    port, sink_port = free_port(), free_port()
    os.mkdir(work + "/sink")
    os.chmod(work + "/sink", 0o777)
    sink = subprocess.Popen([SINK, *(["-u", "nobody"] if os.geteuid() == 0 else []), "-d", work + "/sink/%H%M%S.",
                             "127.0.0.1:%d" % sink_port, "64"])
    connection = "host=%s,%s dbname=hub user=waypost" % (primary.folder, replica.folder)
    dale, hill = (Worker(work, name, connection, port, sink_port) for name in ("dale", "hill"))
    senders = None
    try:
        dale.start()
        until("dale to have the work", dale.has_work, 30)
        hill.start()
        added = dale.waypost("people", "add", "ana")
        assert added.returncode == 0, added.stderr
        until("hill to wait", lambda: primary.ask("SELECT COUNT(*) FROM workers") == "2", 20)
        assert not hill.has_work()
        senders = Senders(port)

        flows(senders, 30)
        dale.process.send_signal(signal.SIGHUP)
        flows(senders, 60)
        dale.kill()
        print("killed: the other has the work after %.1f s" % until("hill to have the work", hill.has_work, 20), flush=True)
        flows(senders, 60)

        dale.start()
        until("dale to wait", lambda: primary.ask("SELECT COUNT(*) FROM workers") == "2", 20)
        hill.process.send_signal(signal.SIGSTOP)
        print("frozen: the other has the work after %.1f s" % until("dale to have the work", dale.has_work, 30), flush=True)
        flows(senders, 20)
        hill.process.send_signal(signal.SIGCONT)
        ended = until("who was frozen to end", lambda: hill.process.poll() is not None, 20)
        assert hill.process.returncode == 3, hill.process.returncode
        print("it went on, found that others do its work, and ended after %.1f s" % ended, flush=True)
        flows(senders, 60)

        hill.start()
        flows(senders, 20)
        began = time.monotonic()
        primary.kill()
        replica.promote()
        flows(senders, 1)
        print("promoted: letters are taken %.1f s after the primary was gone" % (time.monotonic() - began), flush=True)
        flows(senders, 60)
        senders.stop()
        one = next(each for each in (dale, hill) if each.has_work())
        until("all to be sent", lambda: json.loads(one.waypost("--json", "queue").stdout)["deliveries"] == [], 60)
        check(work, senders, replica)
    except BaseException:
        print(senders.said if senders else "no senders", flush=True)
        for each in (dale, hill):
            with open(each.log.name) as log:
                print("-- %s\n%s" % (each.name, log.read()[-4000:]), flush=True)
        raise
    finally:
        if senders:
            senders.stop()
        for each in (dale, hill):
            each.stop()
        sink.terminate()
        sink.wait()
        for each in servers:
            each.kill()


def check(work, senders, server):
    found = arrived(work)
    lost = [each for each in senders.acknowledged if not found[each]]
    twice = sum(1 for count in found.values() if count > 1)
    print("acknowledged %d, lost %d, came twice %d" % (len(senders.acknowledged), len(lost), twice), flush=True)
    assert not lost, lost[:5]
    # Three times somebody died who may have had so many under way.
    assert twice <= 3 * CONNECTIONS, twice
    kept = server.ask("SELECT COUNT(*), COUNT(DISTINCT subject) FROM messages WHERE subject LIKE 'letter-%'").split("|")
    assert kept[0] == kept[1], "a letter is kept twice: " + "|".join(kept)


with tempfile.TemporaryDirectory(prefix="waypost-hub-") as folder:
    os.chmod(folder, 0o755)
    main(folder)
