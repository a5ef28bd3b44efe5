CREATE TABLE "Accounts" (
    "Id" integer NOT NULL,
    region text NOT NULL,
    plan text NOT NULL,
    limit_mb integer NOT NULL,
    PRIMARY KEY (region, "Id")
);
INSERT INTO "Accounts" SELECT g, 'r' || g % 4, CASE WHEN g % 2 = 0 THEN 'free' ELSE 'paid' END, g * 10 FROM generate_series(1, 320) AS g;
