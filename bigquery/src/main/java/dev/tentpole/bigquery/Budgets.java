package dev.tentpole.bigquery;

import dev.tentpole.base.Args;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What queries may bill: each one, and in a day all of a user, of a label's value, and of everybody.
 *
 * <p>A dry run, which is free, says what a query may bill. That is set aside before the query runs, and is sent as its
 * {@code maximumBytesBilled}, so that queries at the same time can't exceed a budget together. Once a query has run,
 * what it has really billed counts; a query that failed counts nothing, one that was cancelled what was set aside. Days
 * are those of BigQuery's own quotas: they begin at midnight in Pacific time. What was billed is kept in memory alone. Safe for use
 * by several threads.
 */
public final class Budgets {

    private static final ZoneId PACIFIC = ZoneId.of("America/Los_Angeles");
    private static final long MIB = 1L << 20;
    private static final BigDecimal TIB = BigDecimal.valueOf(1L << 40);

    /** Users and labels whose bills are kept apart; the rest of a day shares one budget each. */
    private static final int MOST_KEYS = 10_000;

    private static final String OTHERS = "(others)";

    private final Limit perQuery;
    private final Limit perUser;
    private final Map<String, Limit> perLabel;
    private final Limit perDay;
    private final Set<CostAssumption> trusted;
    private final BigDecimal pricePerTib;
    private final String currency;
    private final InstantSource clock;
    private final LongAdder refused = new LongAdder();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Account, Long> spent = new HashMap<>();
    private LocalDate day = LocalDate.EPOCH;

    private Budgets(Builder builder) {
        this.perQuery = builder.perQuery;
        this.perUser = builder.perUser;
        this.perLabel = Map.copyOf(builder.perLabel);
        this.perDay = builder.perDay;
        this.trusted = Set.copyOf(builder.trusted);
        this.pricePerTib = builder.pricePerTib;
        this.currency = builder.pricing == null ? "" : builder.pricing.prices().currency();
        this.clock = builder.clock;
    }

    /**
     * {@return a builder}
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A limit of bytes, of money, or of both.
     *
     * @param bytes the most billed bytes, empty for no limit
     * @param money the most money, in the currency of {@link Builder#pricing}, empty for no limit
     */
    public record Limit(OptionalLong bytes, Optional<BigDecimal> money) {

        private static final BigDecimal MOST_MONEY = new BigDecimal("1000000000000000000");
        private static final int MOST_DECIMALS = 20;

        static final Limit NONE = new Limit(OptionalLong.empty(), Optional.empty());

        /**
         * Checks the numbers.
         *
         * @param bytes the most billed bytes, empty for no limit
         * @param money the most money, empty for no limit
         * @throws IllegalArgumentException if one is negative, or the money is more than 10<sup>18</sup> or has more than 20 decimals
         */
        public Limit {
            bytes.ifPresent(value -> Args.inRange("bytes", value, 0, Long.MAX_VALUE));
            money.ifPresent(value -> Args.check(
                    value.signum() >= 0
                            && value.compareTo(MOST_MONEY) <= 0
                            && Math.abs((long) value.scale()) <= MOST_DECIMALS,
                    "money",
                    value,
                    "within 0.." + MOST_MONEY + ", with at most " + MOST_DECIMALS + " decimals"));
        }

        /**
         * {@return a limit of bytes}
         *
         * @param bytes the most billed bytes, at least 0
         */
        public static Limit bytes(long bytes) {
            return new Limit(OptionalLong.of(bytes), Optional.empty());
        }

        /**
         * {@return a limit of money}
         *
         * @param money the most money, at least 0
         */
        public static Limit money(BigDecimal money) {
            return new Limit(OptionalLong.empty(), Optional.of(money));
        }

        /** {@return the most bytes by both limits} */
        long inBytes(BigDecimal pricePerTib) {
            long byMoney = money.map(most -> most.multiply(TIB)
                            .divide(pricePerTib, 0, RoundingMode.FLOOR)
                            .min(BigDecimal.valueOf(Long.MAX_VALUE))
                            .longValue())
                    .orElse(Long.MAX_VALUE);
            return Math.min(bytes.orElse(Long.MAX_VALUE), byMoney);
        }
    }

    /** Whose bill it is. */
    private record Account(String budget, String key) {}

    private record Share(Account account, Limit limit, long left) {}

    /** {@return how many queries were refused} */
    long refused() {
        return refused.sum();
    }

    /**
     * Sets aside what a query may bill.
     *
     * @param labels all that it is sent with, not its own alone
     * @throws BudgetExceededException if that doesn't fit
     */
    Reservation reserve(QueryRequest request, Map<String, String> labels, QueryDryRun dryRun) {
        long most = mostBilled(dryRun);
        boolean bounded = dryRun.accuracy() == CostAccuracy.PRECISE || dryRun.accuracy() == CostAccuracy.UPPER_BOUND;
        lock.lock();
        try {
            Instant now = clock.instant();
            LocalDate today = LocalDate.ofInstant(now, PACIFIC);
            // A clock that is set back over midnight does not give the day's budget again; one that was days ahead
            // does.
            if (today.isAfter(day) || today.isBefore(day.minusDays(1))) {
                spent.clear();
                day = today;
            }
            List<Share> shares = shares(request, labels);
            Share tightest = new Share(new Account("perQuery", ""), perQuery, perQuery.inBytes(pricePerTib));
            for (Share share : shares) {
                tightest = share.left < tightest.left ? share : tightest;
            }
            long needed = bounded ? most : Math.max(most, QueryRequest.LEAST_BYTES_BILLED);
            if (needed > tightest.left || needed == Long.MAX_VALUE) {
                refused.increment();
                throw refusal(tightest, needed, today);
            }
            // Where BigQuery knows no upper bound, it stops the query at what fits.
            boolean limited = tightest.left != Long.MAX_VALUE;
            long setAside = bounded || !limited ? most : tightest.left;
            List<Account> accounts = shares.stream().map(Share::account).toList();
            accounts.forEach(account -> spent.merge(account, setAside, Long::sum));
            // Where no budget has a limit for the query, none is sent.
            return new Reservation(accounts, setAside, limited ? OptionalLong.of(setAside) : OptionalLong.empty(), day);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Bytes are rounded up to whole MiB with 10 MiB a table at least; a bound for any way in which the tables share the bytes. No bytes
     * may be billed the minimum too, and are what BigQuery says of tables with row access policies, whatever it reads.
     */
    private long mostBilled(QueryDryRun dryRun) {
        if (dryRun.bytes() == 0 && trusted.contains(CostAssumption.ZERO_BYTES_ARE_FREE)) {
            return 0;
        }
        long least = QueryRequest.LEAST_BYTES_BILLED;
        long others = Math.max(0, dryRun.tables().size() - 1) * least;
        if (dryRun.bytes() > Long.MAX_VALUE - others - MIB) {
            return Long.MAX_VALUE;
        }
        return Math.max(-Math.floorDiv(-dryRun.bytes(), MIB) * MIB, least) + others;
    }

    private List<Share> shares(QueryRequest request, Map<String, String> labels) {
        List<Share> shares = new ArrayList<>();
        addShare(shares, perDay, new Account("perDay", ""));
        request.user().ifPresent(user -> addShare(shares, perUser, new Account("perUser", user)));
        perLabel.forEach((key, limit) -> {
            String value = labels.get(key);
            if (value != null) {
                addShare(shares, limit, new Account("perLabel", key + "=" + value));
            }
        });
        return shares;
    }

    private void addShare(List<Share> shares, Limit limit, Account account) {
        if (limit.equals(Limit.NONE)) {
            return;
        }
        Account kept =
                spent.containsKey(account) || spent.size() < MOST_KEYS ? account : new Account(account.budget, OTHERS);
        shares.add(new Share(kept, limit, Math.max(0, limit.inBytes(pricePerTib) - spent.getOrDefault(kept, 0L))));
    }

    private BudgetExceededException refusal(Share share, long most, LocalDate today) {
        Account account = share.account;
        long left = share.left;
        boolean daily = !account.budget.equals("perQuery");
        Instant renewsAt = daily ? today.plusDays(1).atStartOfDay(PACIFIC).toInstant() : null;
        String message = "the query may bill " + most + " bytes, and " + left + " bytes would fit the budget "
                + account.budget
                + (account.key.isEmpty() ? "" : " of " + account.key)
                + (share.limit.money().isPresent()
                        ? " (money counts as bytes at " + pricePerTib.toPlainString() + " " + currency + " a TiB)"
                        : "")
                + (daily ? ", which begins anew at " + renewsAt : "");
        return new BudgetExceededException(message, account.budget, account.key, most, left, renewsAt);
    }

    /** What was set aside for one query, until it is known what it has billed. */
    final class Reservation {

        private final List<Account> accounts;
        private final long bytes;
        private final OptionalLong cap;
        private final LocalDate from;
        private boolean ended;

        private Reservation(List<Account> accounts, long bytes, OptionalLong cap, LocalDate from) {
            this.accounts = accounts;
            this.bytes = bytes;
            this.cap = cap;
            this.from = from;
        }

        /** {@return the query's {@code maximumBytesBilled}, empty if no budget limits it} */
        OptionalLong cap() {
            return cap.isPresent() ? OptionalLong.of(Math.max(cap.getAsLong(), QueryRequest.LEAST_BYTES_BILLED)) : cap;
        }

        /** Counts what was billed; all that was set aside if that is not known. */
        void settle(OptionalLong billed) {
            end(billed.orElse(bytes));
        }

        /** Counts all that was set aside. */
        void keep() {
            end(bytes);
        }

        /** Counts nothing. */
        void release() {
            end(0);
        }

        private void end(long billed) {
            lock.lock();
            try {
                if (!ended && from.equals(day)) {
                    accounts.forEach(account -> spent.merge(account, billed - bytes, Long::sum));
                }
                ended = true;
            } finally {
                lock.unlock();
            }
        }
    }

    /** Says what queries may bill; used by one thread. */
    public static final class Builder {

        private Limit perQuery = Limit.NONE;
        private Limit perUser = Limit.NONE;
        private final Map<String, Limit> perLabel = new TreeMap<>();
        private Limit perDay = Limit.NONE;
        private final Set<CostAssumption> trusted = EnumSet.noneOf(CostAssumption.class);
        private @Nullable Pricing pricing;
        private BigDecimal pricePerTib = BigDecimal.ONE;
        private InstantSource clock = InstantSource.system();

        private Builder() {}

        /**
         * Limits each query. No limit by default.
         *
         * @param limit the most that it may bill
         * @return this
         */
        public Builder perQuery(Limit limit) {
            this.perQuery = Objects.requireNonNull(limit, "limit");
            return this;
        }

        /**
         * Limits what each {@linkplain QueryRequest.Builder#user user} may bill in a day. No limit by default.
         *
         * @param limit the most that a user may bill
         * @return this
         */
        public Builder perUser(Limit limit) {
            this.perUser = Objects.requireNonNull(limit, "limit");
            return this;
        }

        /**
         * Limits what queries with the same value of a label may bill in a day. No limit by default.
         *
         * @param key the label's key
         * @param limit the most that each value may bill
         * @return this
         */
        public Builder perLabel(String key, Limit limit) {
            this.perLabel.put(Labels.key(key), Objects.requireNonNull(limit, "limit"));
            return this;
        }

        /**
         * Limits what all queries together may bill in a day. No limit by default.
         *
         * @param limit the most that they may bill
         * @return this
         */
        public Builder perDay(Limit limit) {
            this.perDay = Objects.requireNonNull(limit, "limit");
            return this;
        }

        /**
         * Sets the prices that turn limits of money into bytes. Needed if a limit has money. What is free each month is not taken
         * into account: a budget is the limit of what may be billed.
         *
         * @param prices the price of bytes; where slots are paid for, money can't be limited
         * @return this
         */
        public Builder pricing(Pricing prices) {
            this.pricing = Objects.requireNonNull(prices, "prices");
            return this;
        }

        /**
         * Says that an undocumented rule is known to hold, so that less is set aside. None by default. Of a dry run of no bytes the
         * minimum of 10 MiB is set aside, unless {@link CostAssumption#ZERO_BYTES_ARE_FREE} is trusted; the others don't matter here.
         *
         * @param assumptions the rules
         * @return this
         */
        public Builder trust(CostAssumption... assumptions) {
            trusted.addAll(List.of(assumptions));
            return this;
        }

        /** Replaces time, for tests. */
        Builder clock(InstantSource replacement) {
            this.clock = replacement;
            return this;
        }

        /**
         * {@return the budgets, with nothing spent}
         *
         * @throws IllegalArgumentException if a limit has money but there is no price of bytes, or it is not above zero
         */
        public Budgets build() {
            Pricing given = pricing;
            List<Limit> all = new ArrayList<>(perLabel.values());
            all.addAll(List.of(perQuery, perUser, perDay));
            Args.check(
                    (given != null && !given.isCapacity())
                            || all.stream().allMatch(limit -> limit.money().isEmpty()),
                    "pricing",
                    given,
                    "one of bytes, since a limit has money");
            if (given != null && !given.isCapacity()) {
                pricePerTib = afterDiscount(given);
                Args.check(pricePerTib.signum() > 0, "the price of a TiB", pricePerTib, "above 0");
            }
            return new Budgets(this);
        }

        /** A region that the table doesn't know has its highest price. */
        private static BigDecimal afterDiscount(Pricing pricing) {
            BigDecimal list = pricing.perTib()
                    .orElseGet(() -> pricing.prices()
                            .price(pricing.region())
                            .orElseGet(pricing.prices()::highest)
                            .perTib());
            return list.multiply(BigDecimal.ONE.subtract(pricing.discount()));
        }
    }
}
