# SPDX-License-Identifier: GPL-2.0-or-later
"""The evaluation's stores: redis, memcached and PostgreSQL, spoken to in their own protocols."""

import socket
import struct

import application


class Redis(application.Application):
    pod = "redis"
    program = "/usr/bin/redis-check-rdb"
    config_dir = "/etc/redis"
    user = 100
    claims = {"data": "/data"}
    secret = ("/etc/redis-acl", {"users.acl": "user default on nopass ~* &* +@all\nuser reader on >word ~* +get\n"})
    config_files = {"redis.conf": "dir /data\nport 6379\ninclude /etc/redis/memory.conf\naclfile /etc/redis-acl/users.acl\n"
                                  "appendonly yes\nsave 60 10\n",
                    "memory.conf": "maxmemory 64mb\n"}

    def send(self, *words):
        """One command; the first line of its answer."""
        request = f"*{len(words)}\r\n" + "".join(f"${len(word)}\r\n{word}\r\n" for word in map(str, words))
        with socket.create_connection(("127.0.0.1", 6379), 60) as connection:
            connection.sendall(request.encode())
            answer = connection.makefile("rb").readline().decode().strip()
        if not answer or answer.startswith("-") and not ("in progress" in answer or "child process" in answer):
            raise RuntimeError(f"{' '.join(map(str, words))[:60]}: {answer}")
        return answer

    def answers(self):
        try:
            return self.send("PING") == "+PONG"
        except (OSError, RuntimeError):
            return False

    def write(self):
        self.send("SET", self.word("key"), "x" * self.random.randrange(5000))

    def read(self):
        self.send("GET", self.word("key"))

    def structures(self):
        self.send("RPUSH", self.word("queue"), "a", "b")
        self.send("HSET", self.word("hash"), "field", "value")
        self.send("EXPIRE", self.word("key"), 5)

    def status(self):
        self.send("INFO", "everything")
        self.send("MEMORY", "STATS")

    def save(self):
        self.send("BGSAVE")

    def rewrite(self):
        self.send("BGREWRITEAOF")

    def operations(self):
        return [self.write] * 6 + [self.read] * 6 + [self.structures, self.status, self.save, self.rewrite]

    def upkeep(self):
        """The shell of an operator, and users that are read again."""
        self.send("ACL", "LOAD")
        self.send("CONFIG", "SET", "maxmemory", "48mb")


class Memcached(application.Application):
    pod = "memcached"
    program = "/usr/bin/memcached"
    config_dir = "/etc/memcached"
    user = 100
    command = ["/usr/bin/memcached", "-l", "127.0.0.1", "-p", "11211", "-m", "32", "-Y", "/etc/memcached-auth/users"]
    config_files = {"note": "this server has no configuration file\n"}
    secret = ("/etc/memcached-auth", {"users": "service:word\n"})

    def talk(self, *requests):
        """Logs in, then sends requests; the last lines that came."""
        with socket.create_connection(("127.0.0.1", 11211), 60) as connection:
            stream = connection.makefile("rwb")
            for request in ("set auth 0 0 12\r\nservice word\r\n", *requests):
                stream.write(request.encode())
                stream.flush()
                line = stream.readline().decode().strip()
                while line.startswith(("STAT", "VALUE", "x")):
                    line = stream.readline().decode().strip()
        return line

    def answers(self):
        try:
            return self.talk("version\r\n").startswith("VERSION")
        except OSError:
            return False

    def write(self):
        value = "x" * self.random.randrange(1, 20_000)
        self.talk(f"set {self.word('key')} 0 {self.random.choice([0, 5, 60])} {len(value)}\r\n{value}\r\n")

    def read(self):
        self.talk(f"get {self.word('key')}\r\n")

    def statistics(self):
        self.talk(f"stats {self.random.choice(['', 'items', 'slabs', 'settings'])}\r\n")

    def operations(self):
        return [self.write] * 4 + [self.read] * 6 + [self.statistics]

    def upkeep(self):
        """The list of users is read again."""
        self.signal("SIGHUP")
        self.talk("verbosity 1\r\n")


class Postgres(application.Application):
    pod = "postgres"
    program = "/usr/lib/postgresql/current/bin/postgres"
    config_dir = "/etc/postgresql"
    user = 100
    environment = {"PGDATA": "/data/cluster"}
    empty_dirs = {"log": "/var/log/postgresql", "run": "/run/postgresql"}
    claims = {"data": "/data"}
    config_files = {"postgresql.conf": "data_directory = '/data/cluster'\nhba_file = '/data/cluster/pg_hba.conf'\n"
                                       "ident_file = '/data/cluster/pg_ident.conf'\nlisten_addresses = '127.0.0.1'\n"
                                       "unix_socket_directories = '/run/postgresql'\nshared_buffers = 8MB\nwork_mem = 64kB\n"
                                       "jit = off\nfsync = off\nmax_wal_size = 64MB\nlogging_collector = on\n"
                                       "log_directory = '/var/log/postgresql'\nlog_filename = 'server-%H%M%S.log'\n"
                                       "include = 'memory.conf'\nautovacuum_naptime = 5s\n",
                    "memory.conf": "maintenance_work_mem = 1MB\n"}

    def query(self, sql, database="postgres"):
        """The simple protocol: a start-up packet, one query, its messages until the server is ready again."""
        with socket.create_connection(("127.0.0.1", 5432), 120) as connection:
            words = b"user\0postgres\0database\0" + database.encode() + b"\0\0"
            connection.sendall(struct.pack("!II", 8 + len(words), 196608) + words)
            stream = connection.makefile("rb")
            self.until_ready(stream)
            connection.sendall(b"Q" + struct.pack("!I", 5 + len(sql.encode())) + sql.encode() + b"\0")
            self.until_ready(stream)
            connection.sendall(b"X" + struct.pack("!I", 4))

    @staticmethod
    def until_ready(stream):
        while True:
            header = stream.read(5)
            if len(header) < 5:
                raise OSError("the server closed the connection")
            body = stream.read(struct.unpack("!I", header[1:])[0] - 4)
            if header[:1] == b"E":
                raise RuntimeError(body.replace(b"\0", b" ").decode(errors="replace"))
            if header[:1] == b"Z":
                return

    def answers(self):
        try:
            self.query("select 1")
            return True
        except (OSError, RuntimeError):
            return False

    def table(self):
        names = [f"orders_{number}" for number in range(6)]
        name = self.pick(names, [f"later_{number}" for number in range(6)])
        self.query(f"create table if not exists {name} (id serial primary key, word text, body text)")
        return name

    def insert(self):
        table = self.table()
        self.query(f"insert into {table} (word, body) select md5(n::text), repeat(md5(n::text), 20) "
                   f"from generate_series(1, {self.random.randrange(20, 400)}) n")

    def select(self):
        self.query(f"select word, count(*) from {self.table()} group by word order by 2 desc limit 5")

    def sort_large(self):
        """More than fits into memory: a temporary file."""
        self.query("select count(*) from (select md5(n::text) w from generate_series(1, 8000) n order by w) t")

    def temporary_table(self):
        self.query("create temp table scratch as select n from generate_series(1, 2000) n; select count(*) from scratch")

    def index(self):
        table = self.table()
        self.query(f"create index on {table} (word); drop index {table}_word_idx")

    def change(self):
        table = self.table()
        self.query(f"update {table} set word = word || 'x' where id % 7 = 0; delete from {table} where id % 11 = 0")

    def tidy(self):
        self.query(f"vacuum analyze {self.table()}")

    def checkpoint(self):
        self.query("checkpoint")

    def drop(self):
        self.query(f"drop table {self.table()}")

    def other_database(self):
        name = self.pick(["shop"], ["archive"])
        try:
            self.query(f"create database {name}")
        except RuntimeError as error:
            if "already exists" not in str(error):
                raise
        self.query("create table if not exists t (n int); insert into t values (1)", name)

    def operations(self):
        return [self.insert] * 3 + [self.select] * 3 + [self.sort_large, self.temporary_table, self.index, self.change,
                                                        self.tidy, self.checkpoint, self.drop, self.other_database]

    def upkeep(self):
        self.query("select pg_rotate_logfile()")
        self.query("select pg_reload_conf()")
        self.query("select pg_switch_wal()")
