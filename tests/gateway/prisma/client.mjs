// Prisma: nested writes, relations, interactive and batched transactions, errors, raw SQL.
import { PrismaClient } from '@prisma/client';
import { PrismaPg } from '@prisma/adapter-pg';

const { PGUSER, PGHOST, PGPORT, PGDATABASE } = process.env;
const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: `postgresql://${PGUSER}@${PGHOST}:${PGPORT}/${PGDATABASE}` }) });

await prisma.$executeRawUnsafe('CREATE TABLE "Author" (id serial PRIMARY KEY, name text NOT NULL UNIQUE)');
await prisma.$executeRawUnsafe(`CREATE TABLE "Book" (id serial PRIMARY KEY, title text NOT NULL, price numeric NOT NULL, tags text[],
    about jsonb NOT NULL, "authorId" int NOT NULL REFERENCES "Author")`);
for (let a = 0; a < 20; a++)
    await prisma.author.create({ data: { name: `author ${a}`, books: { create: Array.from({ length: 5 }, (_, b) => (
        { title: `book ${a}.${b}`, price: (a + b / 10).toFixed(2), tags: ['x', String(b)], about: { a, b } })) } } });
await prisma.$transaction([prisma.book.updateMany({ where: { title: { startsWith: 'book 1.' } }, data: { price: 99 } }),
                           prisma.book.deleteMany({ where: { title: { endsWith: '.4' } } })]);
try {
    await prisma.$transaction(async (tx) => {
        await tx.book.deleteMany({});
        await tx.author.create({ data: { name: 'author 3' } });
    });
} catch (e) { console.log(e.code, e.name); }
console.log(await prisma.book.aggregate({ _count: true, _sum: { price: true } }));
console.log(JSON.stringify(await prisma.author.findMany({ include: { books: true }, orderBy: { id: 'asc' }, take: 3 })));
const big = 'y'.repeat(3000000);
await prisma.book.update({ where: { id: 1 }, data: { title: big } });
console.log((await prisma.book.findUnique({ where: { id: 1 } })).title === big);
const sums = await Promise.all(Array.from({ length: 40 }, (_, i) => prisma.$queryRaw`SELECT sum(g)::int AS s FROM generate_series(1, ${i}::int) g`));
console.log(sums.map((rows) => rows[0].s).join(' '));
await prisma.$disconnect();
