-- The tables of Sessions.Postgres. The store runs this file by itself when it may create tables; an administrator may run it instead (psql -1 -f).
-- For another schema or table than the default, replace "public" and sessions throughout; PostgresSchema.Script does it too.
-- Versions are added at the end and never changed: a table of an older version is brought forward by running what comes after its own.

-- version 1

-- Unlogged tables (remove the comment marks) write faster, and are emptied when the server crashes.
-- Half of each page is left free, so that a touch, which changes no indexed column, finds room for the new row beside the old one (a heap-only
-- update) even when every session of a page is touched in one transaction: 45 and not 50, for the line pointers that remain of older rows.
CREATE /* UNLOGGED */ TABLE "public"."sessions" (
    -- Ids and user keys compare byte for byte, whatever the collation of the database.
    id text COLLATE "C" NOT NULL,
    user_key text COLLATE "C",
    format smallint NOT NULL,
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    -- When a sweep looks at the session next: its expiry when it began. Deliberately not moved by touches.
    sweep_at timestamptz NOT NULL,
    idle_timeout_ms bigint,
    persistent boolean NOT NULL,
    authenticated_at timestamptz,
    authentication_method text,
    lineage bytea NOT NULL,
    secret bytea NOT NULL,
    previous bytea,
    rotated_at timestamptz,
    confirmed_at timestamptz,
    client_ip inet,
    client_os text,
    client_browser text,
    client_device smallint NOT NULL,
    client_agent bytea,
    last_ip inet,
    last_os text,
    last_browser text,
    last_device smallint NOT NULL,
    last_agent bytea,
    -- An object of texts.
    "values" jsonb NOT NULL,
    CONSTRAINT "sessions_id" PRIMARY KEY (id)
) WITH (fillfactor = 45);

CREATE INDEX "sessions_user_key" ON "public"."sessions" (user_key) WHERE user_key IS NOT NULL;

CREATE INDEX "sessions_sweep_at" ON "public"."sessions" (sweep_at);

COMMENT ON TABLE "public"."sessions" IS 'Sessions.Postgres, schema version 1';
