-- A ledger of version 1 as that version made it. It may never change.
PRAGMA journal_mode = WAL;
CREATE TABLE meta (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    ledger TEXT NOT NULL,
    last_seen_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE records (
    subject TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('environment', 'lease', 'scope')),
    name TEXT,
    generation INTEGER,
    live INTEGER NOT NULL CHECK (live IN (0, 1)),
    rev INTEGER NOT NULL,
    fence INTEGER NOT NULL DEFAULT 0,
    claim_holder TEXT,
    claim_until_ms INTEGER,
    body TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX records_name ON records (kind, name, generation) WHERE name IS NOT NULL;
CREATE INDEX records_living ON records (kind, live);
CREATE TABLE events (
    subject TEXT NOT NULL,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (subject, seq)
) STRICT;
CREATE TABLE capsules (
    sha256 TEXT NOT NULL PRIMARY KEY,
    packed BLOB NOT NULL
) STRICT;
PRAGMA application_id = 1162889292;
PRAGMA user_version = 1;
INSERT INTO meta (only, ledger, last_seen_ms) VALUES (1, '0190163d-8694-739b-ac4a-5eb0f4a0b2c1', 1700000000000);
INSERT INTO records (subject, kind, name, generation, live, rev, fence, claim_holder, claim_until_ms, body) VALUES ('env-a', 'environment', 'pr-1', 1, 1, 7, 3, 'host:1', 1700000060000, '{"kind":"environment","version":1,"id":"env-a","name":"pr-1","generation":1,"owner":"ana","team":null,"project":null,"lifetime":{"ttl":"72h","max":"72h","idle":"8h","hibernate_after":"4h","grace":"1h"},"tags":{},"tag_prefix":"ephemeral-","created_by":{"issuer":"local","subject":"me@host","standing":"claimed"},"change_request":null,"state":null,"on_expiry":"destroy","created_at_ms":1700000000000,"renewed_at_ms":1700000000000,"extended_until_ms":null,"hold":null,"capture":null,"lineage":null,"marker_seen_at_ms":null,"running":true,"course":"living"}');
INSERT INTO events (subject, seq, kind, at_ms, prev_hash, hash, body) VALUES ('env-a', 1, 'created', 1700000000000, '0000000000000000000000000000000000000000000000000000000000000000', '541b3b9b5a827ece395590bcd90f45852a508bcc3ca8bb149888f9bd0eaf09a6', '{"kind":"event","version":1,"subject":"env-a","seq":1,"event":"created","at_ms":1700000000000,"by":{"issuer":"local","subject":"me@host","standing":"claimed"},"operation":null,"detail":{},"prev_hash":"0000000000000000000000000000000000000000000000000000000000000000","hash":"541b3b9b5a827ece395590bcd90f45852a508bcc3ca8bb149888f9bd0eaf09a6"}');
INSERT INTO capsules (sha256, packed) VALUES ('88cb8a087b6e8cebfc9ae5602f5a2159a6bcf923e7f2c56809bcda6cad1727a7', x'7061636b6564');
