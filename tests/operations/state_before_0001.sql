-- The state of a home as written by the program of commit d3ced16: no audit_head, no numbers.
BEGIN TRANSACTION;
CREATE TABLE account (
	username VARCHAR(32) NOT NULL, 
	post VARCHAR(32) NOT NULL, 
	roles TEXT NOT NULL, 
	password_hash VARCHAR(80) NOT NULL, 
	enabled BOOLEAN NOT NULL, 
	password_is_initial BOOLEAN NOT NULL, 
	created_at INTEGER NOT NULL, 
	last_sign_in INTEGER, 
	PRIMARY KEY (username)
);
INSERT INTO "account" VALUES('fx01','分析员01','["分析员"]','$2b$12$oXb26B9u2F7xcM7ZgdpAEeaqqlhV4.RGzhLMzWd6/b1vBNeoOPolC',1,1,1795893538,NULL);
INSERT INTO "account" VALUES('admin','系统管理员01','["系统管理员"]','$2b$12$nPtVx1VBruVsRrvozKq3XuPgFJ.tSpgDEvTHwGO3ikEzHNyW2Ytna',1,1,1795893540,NULL);
CREATE TABLE audit_event (
	id INTEGER NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	user VARCHAR(64) NOT NULL, 
	action VARCHAR(32) NOT NULL, 
	object TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	prev_hash VARCHAR(64) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (prev_hash), 
	UNIQUE (hash)
);
INSERT INTO "audit_event" VALUES(1,'2026-11-29T03:18:58+08:00','首次启动','新增账号','fx01','{"post":"分析员01","roles":["分析员"]}','0000000000000000000000000000000000000000000000000000000000000000','6b342d435ffba69f372f41c347ba72ed118bd45b3ff5df8e5a4699584c9cc4fd');
INSERT INTO "audit_event" VALUES(2,'2026-11-29T03:19:00+08:00','首次启动','新增账号','admin','{"post":"系统管理员01","roles":["系统管理员"]}','6b342d435ffba69f372f41c347ba72ed118bd45b3ff5df8e5a4699584c9cc4fd','c8294da11306ff94398ed379e9e54ca94b75ac5c48ab3ee4131891e64713a6f3');
INSERT INTO "audit_event" VALUES(3,'2026-11-29T03:19:00+08:00','fx01','登录','','{}','c8294da11306ff94398ed379e9e54ca94b75ac5c48ab3ee4131891e64713a6f3','b6fc5729710315c7a155741b772788e04aea46a65b18b0320c684e3788783208');
CREATE TABLE hit_verdict (
	verdict_id INTEGER NOT NULL, 
	rule_id VARCHAR(8) NOT NULL, 
	setl_id VARCHAR(64) NOT NULL, 
	version VARCHAR(16) NOT NULL, 
	params_hash VARCHAR(16) NOT NULL, 
	verdict VARCHAR(8) NOT NULL, 
	reason VARCHAR(400) NOT NULL, 
	username VARCHAR(32) NOT NULL, 
	post VARCHAR(32) NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	PRIMARY KEY (verdict_id)
);
CREATE TABLE session (
	id VARCHAR(64) NOT NULL, 
	username VARCHAR(64) NOT NULL, 
	created_at INTEGER NOT NULL, 
	last_seen INTEGER NOT NULL, 
	expires_at INTEGER NOT NULL, 
	revoked_at INTEGER, 
	PRIMARY KEY (id)
);
CREATE TABLE setting (
	setting_id INTEGER NOT NULL, 
	"key" VARCHAR(80) NOT NULL, 
	value VARCHAR(400) NOT NULL, 
	effective_from DATE, 
	why VARCHAR(400) NOT NULL, 
	set_by VARCHAR(80) NOT NULL, 
	set_at DATETIME NOT NULL, 
	PRIMARY KEY (setting_id)
);
CREATE TABLE sign_in_failure (
	name_hash VARCHAR(64) NOT NULL, 
	count INTEGER NOT NULL, 
	last_at INTEGER NOT NULL, 
	locked_until INTEGER NOT NULL, 
	PRIMARY KEY (name_hash)
);
CREATE TRIGGER audit_event_no_update before update on audit_event begin select raise(abort, 'audit_event only grows'); end;
CREATE TRIGGER audit_event_no_delete before delete on audit_event begin select raise(abort, 'audit_event only grows'); end;
CREATE INDEX ix_setting_key ON setting ("key");
CREATE INDEX session_username ON session (username);
CREATE INDEX ix_hit_verdict_setl_id ON hit_verdict (setl_id);
CREATE INDEX ix_hit_verdict_rule_id ON hit_verdict (rule_id);
COMMIT;
