-- segue: copy "Contracts" from "Accounts": "Region" = region, account = "Id", plan = upper(plan), "limit" = limit_mb * 1024::bigint
--     key ("Region", account)
-- segue: back "Accounts" from "Contracts": plan = lower(plan), limit_mb = ("limit" / 1024)::integer
-- segue: down "Accounts".plan = 'none'
-- segue: down "Accounts".limit_mb = 0
CREATE TABLE "Contracts" (
    "Region" text,
    account integer,
    plan text NOT NULL,
    "limit" bigint NOT NULL,
    CONSTRAINT contract_of PRIMARY KEY ("Region", account),
    FOREIGN KEY ("Region", account) REFERENCES "Accounts"
);
ALTER TABLE "Accounts" DROP COLUMN plan, DROP COLUMN limit_mb;
