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
    custom_lifetime boolean NOT NULL,
    persistent boolean NOT NULL,
    bearer boolean NOT NULL,
    authenticated_at timestamptz,
    authentication_method text,
    -- Opaque: compared and written as a whole.
    credential bytea NOT NULL,
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
    -- What a session left that ended: not 0 in a row that is no session any more and stays for two minutes.
    marker smallint NOT NULL DEFAULT 0,
    -- Names and values in turn, as in the table of tags.
    tags text[],
    CONSTRAINT "sessions_id" PRIMARY KEY (id)
) WITH (fillfactor = 45);

CREATE INDEX "sessions_user_key" ON "public"."sessions" (user_key) WHERE user_key IS NOT NULL;

CREATE INDEX "sessions_sweep_at" ON "public"."sessions" (sweep_at);


-- Names that others have for a session: what is searched for, and ends with the session.
CREATE /* UNLOGGED */ TABLE "public"."sessions_tags" (
    name text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL REFERENCES "public"."sessions" (id) ON DELETE CASCADE,
    CONSTRAINT "sessions_tags_pk" PRIMARY KEY (name, value, id)
);

CREATE INDEX "sessions_tags_id" ON "public"."sessions_tags" (id);

COMMENT ON TABLE "public"."sessions" IS 'Sessions.Postgres, schema version 1';
