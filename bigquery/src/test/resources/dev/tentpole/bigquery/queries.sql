SELECT id FROM people
---
SELECT id, name AS n FROM `proj.ds.people`
---
SELECT p.name, p.address.zip FROM people p
---
SELECT address.geo.lat FROM people WHERE address.street IS NOT NULL
---
SELECT address FROM people
---
SELECT address.* FROM people
---
SELECT address.geo.* FROM people
---
SELECT * FROM people
---
SELECT * EXCEPT (name, city) FROM people
---
SELECT * REPLACE (UPPER(name) AS name) FROM people
---
SELECT * EXCEPT (address) REPLACE (age + 1 AS age) FROM people
---
SELECT p.* EXCEPT (tags) FROM people AS p
---
SELECT COUNT(*) FROM people
---
SELECT COUNT(1), 2 FROM orders
---
SELECT COUNT(DISTINCT city) FROM people
---
SELECT city, AVG(age) FROM people GROUP BY city
---
SELECT city AS c, SUM(score) s FROM people GROUP BY c HAVING s > 10 ORDER BY s DESC LIMIT 10
---
SELECT city, COUNT(*) FROM people GROUP BY 1 ORDER BY 2
---
SELECT DISTINCT name FROM people
---
SELECT name FROM people ORDER BY born DESC LIMIT 5
---
SELECT id FROM people WHERE age BETWEEN 3 AND 5 OR city IN ('a', "b", r'c')
---
SELECT id FROM people WHERE name LIKE 'A%' AND NOT (score > 1.5)
---
SELECT IF(age > 3, name, city) FROM people
---
SELECT CASE WHEN age > 3 THEN 'old' ELSE city END AS k FROM people
---
SELECT CASE city WHEN 'x' THEN age WHEN 'y' THEN id END FROM people
---
SELECT CAST(age AS STRING), SAFE_CAST(name AS INT64) FROM people
---
SELECT EXTRACT(YEAR FROM born) FROM people
---
SELECT DATE_TRUNC(born, MONTH), DATE_DIFF(CURRENT_DATE(), born, DAY) FROM people
---
SELECT DATE_ADD(born, INTERVAL 3 DAY) FROM people
---
SELECT tags[OFFSET(0)], tags[SAFE_ORDINAL(2)] FROM people
---
SELECT ARRAY_LENGTH(tags) FROM people
---
SELECT tag FROM people, UNNEST(tags) AS tag
---
SELECT id, tag, pos FROM people CROSS JOIN UNNEST(tags) AS tag WITH OFFSET AS pos
---
SELECT id FROM people p, p.tags t WHERE t = 'x'
---
SELECT p.id, t FROM people p LEFT JOIN UNNEST(p.tags) t
---
SELECT id FROM people WHERE 'x' IN UNNEST(tags)
---
SELECT id FROM people WHERE EXISTS (SELECT 1 FROM UNNEST(tags) t WHERE t = 'y')
---
SELECT ARRAY(SELECT UPPER(t) FROM UNNEST(tags) t) FROM people
---
SELECT (SELECT MAX(t) FROM UNNEST(tags) t) FROM people
---
SELECT i.sku FROM orders, UNNEST(items) i
---
SELECT sku, qty FROM orders, UNNEST(items)
---
SELECT SUM(i.qty * i.price) FROM orders o, o.items i WHERE o.status = 'done'
---
SELECT (SELECT SUM(qty) FROM UNNEST(items)) FROM orders
---
SELECT order_id FROM orders WHERE EXISTS (SELECT * FROM UNNEST(items) WHERE sku = 'a')
---
SELECT ARRAY(SELECT AS STRUCT sku, qty FROM UNNEST(items)) AS xs FROM orders
---
SELECT items[OFFSET(0)].sku FROM orders
---
SELECT items FROM orders
---
SELECT hits.page.path FROM sessions, UNNEST(hits) AS hits
---
SELECT h.page FROM sessions s, s.hits AS h
---
SELECT d.val FROM sessions, UNNEST(hits) h, UNNEST(h.dims) d WHERE d.idx = 3
---
SELECT visitor, (SELECT val FROM UNNEST(h.dims) WHERE idx = 1) FROM sessions, UNNEST(hits) h
---
SELECT totals.hits FROM sessions WHERE totals.bounces = 1
---
SELECT visit, MAX(h.num) FROM sessions, UNNEST(hits) h GROUP BY visit
---
SELECT p.name, o.amount FROM people p JOIN orders o ON p.id = o.person_id
---
SELECT p.name FROM people p, orders o WHERE p.id = o.person_id AND o.amount > 3
---
SELECT name FROM people LEFT JOIN orders ON id = person_id WHERE order_id IS NULL
---
SELECT p.name FROM people p RIGHT OUTER JOIN orders o ON p.id = o.person_id
---
SELECT a.name, b.name FROM people a FULL JOIN people b ON a.id = b.age
---
SELECT name FROM people CROSS JOIN orders
---
SELECT user, a.n FROM events a JOIN days b USING (user)
---
SELECT user FROM events JOIN days USING (user, n)
---
SELECT * FROM (SELECT user, n FROM events) JOIN (SELECT user, day FROM days) USING (user)
---
SELECT name FROM people WHERE id IN (SELECT person_id FROM orders WHERE status = 'x')
---
SELECT name FROM people p WHERE EXISTS (SELECT 1 FROM orders o WHERE o.person_id = p.id AND o.amount > p.score)
---
SELECT name, (SELECT COUNT(*) FROM orders o WHERE o.person_id = p.id) FROM people p
---
SELECT name, (SELECT MAX(amount) FROM orders) FROM people
---
SELECT name FROM (SELECT name, age, city FROM people)
---
SELECT name FROM (SELECT name, age FROM people ORDER BY score LIMIT 5)
---
SELECT n FROM (SELECT name AS n, COUNT(*) AS c, MAX(age) AS m FROM people GROUP BY name)
---
SELECT name FROM (SELECT DISTINCT name, age FROM people)
---
SELECT name FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY city ORDER BY age) AS rn FROM people)
---
SELECT name FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY city ORDER BY age) AS rn FROM people) WHERE rn = 1
---
SELECT name, RANK() OVER (ORDER BY score DESC) FROM people
---
SELECT name, SUM(age) OVER w FROM people WINDOW w AS (PARTITION BY city ORDER BY born)
---
SELECT name, LAG(score) OVER (PARTITION BY city ORDER BY born) FROM people
---
SELECT name, AVG(score) OVER (PARTITION BY city ORDER BY born ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM people
---
SELECT name FROM people QUALIFY ROW_NUMBER() OVER (PARTITION BY city ORDER BY born DESC) = 1
---
SELECT name FROM people WHERE TRUE QUALIFY RANK() OVER (ORDER BY age) < 3
---
WITH x AS (SELECT * FROM people) SELECT name FROM x
---
WITH x AS (SELECT id, name, age FROM people), y AS (SELECT id, age FROM x) SELECT age FROM y
---
WITH x AS (SELECT id, name FROM people), unused AS (SELECT * FROM orders) SELECT id FROM x
---
WITH x AS (SELECT * FROM orders) SELECT a.amount, b.status FROM x a JOIN x b ON a.order_id = b.person_id
---
WITH RECURSIVE t AS (SELECT id, age, name FROM people WHERE id = 1 UNION ALL SELECT p.id, p.age, p.city FROM people p JOIN t ON p.age = t.id) SELECT id FROM t
---
WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i FROM n
---
SELECT name FROM people UNION ALL SELECT status FROM orders
---
SELECT a FROM (SELECT name AS a, age AS b FROM people UNION ALL SELECT status, order_id FROM orders)
---
SELECT a FROM (SELECT name AS a, age AS b FROM people UNION DISTINCT SELECT status, order_id FROM orders)
---
(SELECT id FROM people) INTERSECT DISTINCT (SELECT person_id FROM orders)
---
SELECT id FROM people EXCEPT DISTINCT SELECT person_id FROM orders
---
(SELECT name FROM people ORDER BY age LIMIT 1) UNION ALL (SELECT status FROM orders)
---
SELECT s.a FROM (SELECT STRUCT(name AS a, age AS b) AS s FROM people)
---
SELECT STRUCT(id, name).name FROM people
---
SELECT AS STRUCT id, name FROM people
---
SELECT x.id FROM (SELECT AS STRUCT id, name FROM people) x
---
SELECT AS VALUE address FROM people
---
SELECT zip FROM (SELECT AS VALUE address FROM people)
---
SELECT TO_JSON_STRING(p) FROM people p
---
SELECT ARRAY_AGG(name ORDER BY age LIMIT 3) FROM people
---
SELECT ARRAY_AGG(STRUCT(name, age))[OFFSET(0)].name FROM people
---
SELECT STRING_AGG(name, ',' ORDER BY score), ANY_VALUE(city) FROM people
---
SELECT ANY_VALUE(name HAVING MAX age) FROM people
---
SELECT COUNTIF(age > 3), LOGICAL_OR(score > 1) FROM people
---
SELECT city, age, COUNT(*) FROM people GROUP BY ROLLUP (city, age)
---
SELECT city, age, COUNT(*) FROM people GROUP BY GROUPING SETS (city, (city, age), ())
---
SELECT city, COUNT(*) AS c FROM people GROUP BY ALL
---
SELECT * FROM (SELECT city, age, score FROM people) PIVOT (SUM(score) FOR age IN (1, 2, 3))
---
SELECT city, s_a FROM (SELECT city, name, score FROM people) PIVOT (SUM(score) AS s, COUNT(*) AS c FOR name IN ('x' AS a)) AS p JOIN (SELECT 1 AS c_a) USING (c_a)
---
SELECT id, k, v FROM (SELECT id, age, order_id FROM people JOIN orders ON id = person_id) UNPIVOT (v FOR k IN (age, order_id))
---
SELECT user FROM events WHERE ts >= '2024-01-10' AND ts < TIMESTAMP '2024-01-12'
---
SELECT user FROM events WHERE DATE(ts) = DATE '2024-01-10'
---
SELECT user, n FROM days WHERE day BETWEEN '2024-01-01' AND '2024-01-03' AND n > 1
---
SELECT user FROM ingested WHERE _PARTITIONTIME >= TIMESTAMP('2024-01-10')
---
SELECT v FROM ranges WHERE customer_id BETWEEN 30 AND 50
---
SELECT x FROM `shard_*` WHERE _TABLE_SUFFIX >= '20240130'
---
SELECT a FROM clustered WHERE a = 3
---
SELECT TIMESTAMP_TRUNC(ts, HOUR) AS time, user AS metric, SUM(n) AS value FROM events WHERE ts >= TIMESTAMP '2024-01-10' AND ts < TIMESTAMP '2024-01-11' GROUP BY 1, 2 ORDER BY 1
---
FROM people |> WHERE age > 3 |> SELECT name
---
FROM people |> AGGREGATE COUNT(*) AS c, MAX(score) AS m GROUP BY city |> ORDER BY c DESC |> LIMIT 3
---
FROM people |> EXTEND age + 1 AS older |> DROP name |> SELECT older, city
---
FROM people |> SET age = age + 1 |> SELECT age
---
FROM people |> RENAME name AS n |> SELECT n
---
FROM people AS p |> JOIN orders AS o ON p.id = o.person_id |> SELECT p.name, o.amount
---
FROM people |> SELECT city, age |> DISTINCT |> SELECT city
---
FROM people |> AS q |> SELECT q.name
---
SELECT id FROM people |> WHERE id > 3
---
SELECT SAFE.SUBSTR(name, 0, 3), CONCAT(name, '-', city) FROM people
---
SELECT name || city, -age, age * 2 - id / 3, ~id, id & 3, id | 1 ^ 2, id << 2 FROM people
---
SELECT id FROM people WHERE (age, city) IN ((1, 'x'), (2, 'y'))
---
SELECT COALESCE(address.zip, city, 'none'), NULLIF(name, '') FROM people
---
SELECT id IS NULL, name IS NOT DISTINCT FROM city FROM people
---
SELECT COUNT(*) FROM (SELECT * FROM people)
---
SELECT ARRAY_TRANSFORM(tags, t -> CONCAT(t, name)) FROM people
---
SELECT APPROX_QUANTILES(score, 100)[OFFSET(50)], COUNT(DISTINCT IF(age > 3, id, NULL)) FROM people
---
SELECT FORMAT('%s', name), PARSE_DATE('%Y', city), GENERATE_ARRAY(1, age) FROM people
---
SELECT x FROM UNNEST([1, 2, 3]) x WHERE x IN (SELECT age FROM people)
---
SELECT day FROM UNNEST(GENERATE_DATE_ARRAY('2024-01-01', '2024-01-31', INTERVAL 1 DAY)) AS day
---
SELECT 1 -- comment
---
SELECT /* FROM orders */ name # FROM events
FROM people
---
SELECT """a
FROM orders""", b'x', rb"\d", 0x1F, 1e3, .5 FROM people
---
SELECT (SELECT AS STRUCT name, age).name FROM people
---
SELECT p FROM people p
---
SELECT ROW_NUMBER() OVER () AS rn, t.* FROM (SELECT id, name FROM people) t
---
SELECT p.name FROM people p JOIN (orders o JOIN events e ON o.order_id = e.n) ON p.id = o.person_id
---
SELECT grp.k FROM (SELECT STRUCT(city AS k, age AS v) AS grp, COUNT(*) FROM people GROUP BY city, age)
---
SELECT PERCENTILE_CONT(score, 0.5) OVER (PARTITION BY city) FROM people
---
SELECT FIRST_VALUE(address IGNORE NULLS) OVER (ORDER BY id).zip FROM people
---
SELECT LAST_DAY(born, MONTH), DATE(2024, 1, 1), TIMESTAMP(born) FROM people
---
SELECT .5 FROM people WHERE .5 < score AND .25 > age
---
SELECT (name).upper().substr(1, 2) AS n, (age).(safe.ln)(), (score).(SAFE.SQRT)() FROM people
---
SELECT city, (age).sum(), (name).count(DISTINCT) FROM people GROUP BY city
---
SELECT p.name FROM people p LEFT JOIN orders o JOIN events e ON o.order_id = e.n ON p.id = o.person_id
---
SELECT p.name FROM people p JOIN orders o JOIN events e JOIN days d USING (user) ON o.order_id = e.n ON p.id = o.person_id
---
SELECT CAST(name AS STRING(12)), CAST(STRUCT(id, name) AS STRUCT<a INT64, b STRING(5)>) FROM people
---
FROM people |> AGGREGATE MAX(age) AS oldest GROUP BY ()
---
SELECT @{slots = 4} name FROM people @{force = TRUE} AS p JOIN @{kind = 'hash'} orders AS o ON p.id = o.person_id
---
SELECT COUNT(*) @{exact = 1} FROM people GROUP @{way = 2} BY city
---
SELECT id FROM people UNION @{way = 1} ALL SELECT order_id FROM orders
---
@{whole = TRUE} SELECT name FROM people WHERE age > 3
---
SELECT WITH(n AS age + 1, m AS n * 2, n + m) FROM people
---
SELECT WITH(age AS age * 2, age + id) FROM people
---
SELECT WITH(a AS address, a.zip) FROM people
---
SELECT WITH(a AS address, unused AS name, a).geo.lat FROM people
---
SELECT id FROM people WHERE WITH(n AS LENGTH(name), n > 2 AND n < 9)
---
SELECT WITH(most AS (SELECT MAX(amount) FROM orders), most > score) FROM people
---
SELECT WITH(a AS WITH(b AS STRUCT(city AS c, name AS d), b), a.c) FROM people
---
SELECT (WITH(t AS tags, ARRAY_LENGTH(t))) FROM people
---
SELECT p.name, o.status FROM people p, LATERAL (SELECT status FROM orders WHERE person_id = p.id) o
---
SELECT p.name, o.n FROM people p CROSS JOIN LATERAL (SELECT COUNT(*) AS n FROM orders WHERE person_id = p.id) o
---
SELECT p.name FROM people p LEFT JOIN LATERAL (SELECT MAX(amount) AS most FROM orders o WHERE o.person_id = p.id AND o.status = p.city) m ON TRUE
---
FROM people AS p |> JOIN LATERAL (SELECT status FROM orders WHERE person_id = p.id) AS o ON TRUE |> SELECT name, status
---
SELECT a, b FROM UNNEST([1, 2] AS a, [3, 4] AS b)
---
SELECT x, y, o FROM people, UNNEST(tags AS x, ['q'] AS y) WITH OFFSET AS o
---
SELECT x FROM people, UNNEST(tags AS x, [1] AS y, mode => 'PAD')
---
(SELECT id, name FROM people) AS q |> WHERE q.id > 3 |> SELECT q.name
---
SELECT (SELECT AS STRUCT name, age).age, STRUCT<>() IS NULL, ARRAY<STRUCT<>>[] FROM people
---
FROM people |> SELECT AS STRUCT name, age
---
FROM people |> SELECT AS VALUE address |> SELECT zip
---
SELECT s.name FROM (FROM people |> SELECT AS STRUCT name, age) AS s
---
SELECT v.zip FROM (FROM people |> SELECT AS VALUE address) AS v
---
FROM people |> SELECT DISTINCT AS STRUCT city
---
FROM people |> SELECT id, age |> RECURSIVE UNION ALL (|> WHERE age < 9 |> SELECT id + 1 AS id, age + 1 AS age) |> SELECT id
---
FROM people |> SELECT id, name |> RECURSIVE UNION ALL (FROM c |> JOIN orders ON c.id = orders.person_id |> SELECT order_id, status) AS c |> SELECT name
---
FROM people |> SELECT id |> RECURSIVE UNION DISTINCT WITH DEPTH AS d MAX 3 (|> SELECT id + 1 AS id) |> WHERE d > 1 |> SELECT id
---
WITH RECURSIVE c AS (SELECT id, name FROM people UNION ALL SELECT id + 1, name FROM c) WITH DEPTH AS d BETWEEN 1 AND 5 SELECT id, d FROM c
---
WITH RECURSIVE c AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM c) WITH DEPTH SELECT n, depth FROM c
---
SELECT id, name FROM people INNER UNION ALL BY NAME SELECT order_id AS id, status FROM orders
---
SELECT id, name FROM people LEFT UNION ALL BY NAME SELECT order_id AS id, status FROM orders
---
SELECT id, name, age FROM people FULL OUTER UNION ALL BY NAME SELECT order_id AS id, status FROM orders
---
SELECT id, name, city FROM people UNION ALL CORRESPONDING SELECT order_id AS id, status AS name FROM orders
---
SELECT id, name, city FROM people UNION DISTINCT STRICT CORRESPONDING SELECT order_id AS id, status AS name, status AS city FROM orders
---
SELECT id, name, city FROM people FULL UNION ALL CORRESPONDING BY (name, id) SELECT order_id AS id, status AS name FROM orders
---
SELECT id, name FROM people INTERSECT DISTINCT CORRESPONDING SELECT order_id AS id, status FROM orders
---
SELECT id, age FROM people EXCEPT DISTINCT BY NAME SELECT person_id AS age, order_id AS id FROM orders
---
FROM people |> SELECT id, name |> UNION ALL BY NAME (SELECT status AS name, order_id AS id FROM orders), (SELECT 'x' AS name, n AS id FROM events) |> SELECT name
---
FROM people |> SELECT id, name, |> UNION ALL (SELECT order_id, status FROM orders), |> SELECT id
---
FROM people |> EXTEND SUM(age) OVER w AS s, WINDOW w AS (PARTITION BY city), |> SELECT s
---
FROM people |> WINDOW SUM(age) OVER (PARTITION BY city) AS s |> SELECT s, name
---
FROM people |> WITH big AS (SELECT person_id FROM orders WHERE amount > 3), |> WHERE id IN (SELECT person_id FROM big) |> SELECT name
---
FROM people |> ASSERT age > 0, 'age', city |> SELECT name
---
FROM people |> STATIC_DESCRIBE |> SELECT name
---
FROM people |> DESCRIBE
---
FROM people |> IF TRUE THEN (|> SELECT name) ELSE (|> SELECT city)
---
FROM people |> IF FALSE THEN (|> SELECT name, age) ELSEIF TRUE THEN (|> WHERE id > 3 |> SELECT city) |> SELECT city
---
FROM people |> ORDER BY age DESC, |> LIMIT 3 OFFSET 1 |> SELECT name
---
FROM people |> AGGREGATE COUNT(*) AS n, SUM(age) AS a, GROUP BY city AS town, name DESC NULLS LAST |> SELECT town, n
---
FROM people |> AGGREGATE ANY_VALUE(address).* GROUP BY city |> SELECT zip
---
FROM people |> AGGREGATE COUNT(*) AS n GROUP BY ROLLUP (city, name) |> SELECT n
---
FROM people |> AGGREGATE COUNT(*) AS n, GROUPING(city) AS g GROUP BY GROUPING SETS ((city), (name, age), ())
---
FROM people |> AGGREGATE SUM(age) AS s GROUP AND ORDER BY city
---
FROM people |> SET age = age + 1, name = UPPER(city), |> SELECT age
---
FROM people |> DROP name, tags, |> SELECT city
---
FROM people AS p |> TABLESAMPLE RESERVOIR (10 ROWS) REPEATABLE (7) |> SELECT name
---
SELECT name, w FROM people TABLESAMPLE RESERVOIR (5 ROWS PARTITION BY city) WITH WEIGHT AS w REPEATABLE (3)
---
SELECT name, weight FROM people TABLESAMPLE BERNOULLI (5 PERCENT) WITH WEIGHT
---
SELECT * FROM (SELECT age, city, id FROM people) PIVOT (COUNT(*) AS n, SUM(id) AS s FOR age + 1 IN (1 AS one, 2 AS two))
---
SELECT * FROM (SELECT age, city FROM people) PIVOT (COUNT(age) FOR UPPER(city) IN ('A' AS a, 'B' AS b))
---
SELECT n FROM (SELECT age, id, city FROM people) UNPIVOT (n FOR k IN (age AS 'years', id))
---
SELECT a FROM (SELECT age, id, name, city FROM people) UNPIVOT ((a, b) FOR k IN ((age, name) AS 'x', (id, city) AS 'y'))
---
SELECT ARRAY_AGG(name IGNORE NULLS ORDER BY age LIMIT 3) FROM people
---
SELECT SUM(MAX(age) GROUP BY city) FROM people
---
SELECT COUNT(*) WITH GROUP ROWS (SELECT name FROM GROUP_ROWS() WHERE age > 3) FROM people GROUP BY city
---
SELECT city, AVG(n) WITH GROUP ROWS (SELECT COUNT(*) AS n FROM GROUP_ROWS() GROUP BY name) FROM people GROUP BY city
---
SELECT ANY_VALUE(name HAVING MAX age), MIN(age HAVING MIN score) FROM people
---
SELECT ARRAY_FILTER(tags, (t, i) -> i > age AND t != city) FROM people
---
SELECT id FROM people WHERE name IN UNNEST(tags) AND age IN UNNEST(ARRAY(SELECT n FROM events))
---
SELECT p.name FROM people AS p FOR SYSTEM_TIME AS OF TIMESTAMP '2024-01-01'
---
SELECT (name).UPPER().SUBSTR(1, 2), (tags)[SAFE_OFFSET(0)] FROM people
---
FROM people |> CROSS JOIN orders |> WHERE id = person_id |> SELECT name, status
---
FROM people |> LEFT OUTER JOIN @{a = 1} orders ON id = person_id |> SELECT name
---
FROM people |> AS p |> EXTEND p.age * 2 AS twice |> SELECT p.name, twice
---
FROM people |> RENAME name AS n, city c |> SELECT n
---
FROM people |> PIVOT (SUM(age) AS s FOR city IN ('a', 'b')) |> SELECT id
---
FROM (SELECT id, age FROM people) |> UNPIVOT (v FOR k IN (id, age)) AS u |> SELECT u.v
---
SELECT COUNT(DISTINCT name) FROM people |> SELECT *
---
FROM people |> DISTINCT |> SELECT name
