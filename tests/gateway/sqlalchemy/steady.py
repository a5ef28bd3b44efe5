"""SQLAlchemy at steady work: sessions of mapped rows from a pool that asks before it lends, statements, streamed rows."""
import datetime
import decimal

import sqlalchemy as sa
import work
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    visits: Mapped[int]
    note: Mapped[str]
    price: Mapped[decimal.Decimal]
    born: Mapped[datetime.datetime]
    data: Mapped[bytes]


ledger = sa.table("ledger", sa.column("mode"))


def engine(worker, **more):
    return sa.create_engine("postgresql+psycopg://", connect_args={"application_name": worker.mode}, pool_size=1, max_overflow=0, **more)


def mapped(worker):
    own = engine(worker, pool_pre_ping=True)
    for _ in worker.rounds():
        with Session(own) as session:
            user = session.get(User, worker.id)
            user.visits += 1
            session.execute(sa.insert(ledger).values(mode=worker.mode))
            session.commit()
            worker.visited(user.visits)
            worker.check((user.id, user.visits, user.note, user.price, user.born, user.data))


def statements(worker):
    with engine(worker).connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        for _ in worker.rounds():
            visits = db.scalar(sa.update(User).where(User.id == worker.id).values(visits=User.visits + 1).returning(User.visits))
            db.execute(sa.insert(ledger), [{"mode": worker.mode}] * 4)
            worker.visited(visits, 4)
            worker.check(db.execute(sa.text(work.ROW + ":id"), {"id": worker.id}).one())


def streamed(worker):
    own = engine(worker, pool_pre_ping=True)
    for _ in worker.rounds():
        with Session(own) as session:
            users = session.scalars(sa.select(User).where(User.id > 1000).order_by(User.id).limit(100).execution_options(yield_per=30))
            assert [user.id for user in users] == list(range(1001, 1101))
            with session.begin_nested() as nested:
                session.execute(sa.delete(User).where(User.id == worker.id))
                nested.rollback()
            visits = session.scalar(sa.update(User).where(User.id == worker.id).values(visits=User.visits + 1).returning(User.visits))
            session.execute(sa.insert(ledger).values(mode=worker.mode))
            session.commit()
            worker.visited(visits)


work.run({"mapped": mapped, "statements": statements, "streamed": streamed})
