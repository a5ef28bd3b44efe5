// Prisma at steady work: single operations, batched and interactive transactions, raw SQL. Each has a pool.
import { PrismaClient } from '@prisma/client';
import { PrismaPg } from '@prisma/adapter-pg';
import work from '../_shared/work.js';

const { PGUSER, PGHOST, PGPORT, PGDATABASE } = process.env;
const POOLED = 2;

function client(worker) {
    const adapter = new PrismaPg({ connectionString: `postgresql://${PGUSER}@${PGHOST}:${PGPORT}/${PGDATABASE}`, application_name: worker.mode,
                                   max: POOLED, idleTimeoutMillis: 0 });
    return new PrismaClient({ adapter });
}

const visit = (db, worker) => db.user.update({ where: { id: worker.id }, data: { visits: { increment: 1 } } });
const ledger = (db, worker) => db.$executeRaw`INSERT INTO ledger (mode) VALUES (${worker.mode})`;

async function single(worker) {
    const db = client(worker);
    for await (const _ of worker.rounds()) {
        const user = await visit(db, worker);
        await ledger(db, worker);
        worker.visited(user.visits);
        worker.check(await db.user.findUnique({ where: { id: worker.id } }));
        const many = await db.user.findMany({ where: { id: { gt: 1000 }, note: { startsWith: 'note' } }, orderBy: { id: 'asc' }, take: 20, select: { id: true } });
        worker.require(many.length === 20 && many.every((row, i) => row.id === 1001 + i), many);
    }
}

async function batched(worker) {
    const db = client(worker);
    for await (const _ of worker.rounds()) {
        const [user] = await db.$transaction([visit(db, worker), ledger(db, worker), ledger(db, worker)]);
        worker.visited(user.visits, 2);
        worker.check(user);
    }
}

async function interactive(worker) {
    const db = client(worker);
    for await (const _ of worker.rounds()) {
        try {
            await db.$transaction(async (tx) => {
                await visit(tx, worker);
                throw new Error('changed my mind');
            });
        } catch (e) { worker.require(e.message === 'changed my mind', e.message); }
        const user = await db.$transaction(async (tx) => {
            await ledger(tx, worker);
            return visit(tx, worker);
        });
        worker.visited(user.visits);
        worker.check(user);
    }
}

async function raw(worker) {
    const db = client(worker);
    for await (const _ of worker.rounds()) {
        const rows = await db.$queryRaw`UPDATE users SET visits = visits + 1 WHERE id = ${worker.id} RETURNING visits`;
        await ledger(db, worker);
        worker.visited(rows[0].visits);
    }
}

const modes = { single, batched, interactive, raw };
work.run(modes, Object.keys(modes).length * POOLED);
