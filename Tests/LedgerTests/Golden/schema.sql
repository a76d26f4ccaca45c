-- version 3
CREATE INDEX quarantine_identity ON quarantine (source, sequence);
CREATE TABLE camera (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
CREATE TABLE checkpoint (
    camera INTEGER NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (camera, at)) WITHOUT ROWID;
CREATE TABLE condition (
    camera INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    code INTEGER NOT NULL, PRIMARY KEY (camera, start)) WITHOUT ROWID;
CREATE TABLE held (
    source INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY (source, first)) WITHOUT ROWID;
CREATE TABLE journal (
    entry INTEGER PRIMARY KEY, text TEXT NOT NULL, hash BLOB NOT NULL);
CREATE TABLE observation (
    view INTEGER NOT NULL, start INTEGER NOT NULL, source INTEGER NOT NULL,
    sequence INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (view, start)) WITHOUT ROWID;
CREATE TABLE observation_block (
    key INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE observation_day (
    key INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE property (
    name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE quarantine (
    key INTEGER PRIMARY KEY, reason TEXT NOT NULL, view INTEGER NOT NULL,
    start INTEGER NOT NULL, source INTEGER NOT NULL, sequence INTEGER NOT NULL,
    body BLOB NOT NULL, at INTEGER NOT NULL DEFAULT 0);
CREATE TABLE rollup_block (
    key INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE source (
    key INTEGER PRIMARY KEY, node TEXT NOT NULL, epoch TEXT NOT NULL,
    UNIQUE (node, epoch));
CREATE TABLE tally (
    name TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE uplink (
    name TEXT NOT NULL, source INTEGER NOT NULL, passed INTEGER NOT NULL,
    PRIMARY KEY (name, source)) WITHOUT ROWID;
CREATE TABLE vantage (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
CREATE TABLE view (
    key INTEGER PRIMARY KEY, camera INTEGER NOT NULL, vantage INTEGER NOT NULL,
    UNIQUE (camera, vantage));
CREATE TRIGGER journal_keeps_entries BEFORE DELETE ON journal BEGIN
    SELECT RAISE(ABORT, 'the journal is only ever appended to');
END;
CREATE TRIGGER journal_keeps_text BEFORE UPDATE ON journal BEGIN
    SELECT RAISE(ABORT, 'the journal is only ever appended to');
END;
