INSERT INTO orders (order_id, status) VALUES (1, DEFAULT), (2, 'new')
---
INSERT orders VALUES (1, 2, 3.5, 'new', CURRENT_TIMESTAMP(), [])
---
INSERT OR IGNORE INTO orders (order_id) SELECT id FROM people ASSERT_ROWS_MODIFIED 7
---
INSERT OR REPLACE INTO orders (order_id) VALUES (1) ASSERT_ROWS_MODIFIED @n
---
INSERT UPDATE orders (order_id) VALUES (1) THEN RETURN order_id
---
INSERT IGNORE INTO orders (order_id) (SELECT id FROM people) THEN RETURN WITH ACTION AS done *
---
INSERT INTO orders (order_id, status) VALUES (1, 'a') ON CONFLICT (order_id) DO NOTHING
---
INSERT INTO orders (order_id, status) VALUES (1, 'a') ON CONFLICT (order_id) DO UPDATE SET status = excluded.status WHERE order_id > 3
---
INSERT INTO orders (order_id) VALUES (1) ON CONFLICT ON UNIQUE CONSTRAINT once DO NOTHING THEN RETURN order_id
---
INSERT INTO orders (order_id) WITH a AS (SELECT id FROM people) SELECT id FROM a
---
INSERT INTO orders (order_id) FROM people |> SELECT id
---
UPDATE people SET age = age + 1, name = DEFAULT WHERE city = 'x' ASSERT_ROWS_MODIFIED 1
---
UPDATE people AS p SET address.zip = o.status, p.address.geo.lat = 0 FROM orders AS o WHERE o.person_id = p.id THEN RETURN p.id, name
---
UPDATE people SET tags[OFFSET(0)] = 'x' WHERE TRUE
---
UPDATE orders AS o SET (UPDATE o.items AS i WITH OFFSET AS k SET i.qty = i.qty + k WHERE i.sku = 'x') WHERE order_id = 1
---
UPDATE orders SET (DELETE items WHERE qty = 0), (INSERT items VALUES (('a', 1, 2.5))), status = 'y' WHERE TRUE
---
UPDATE orders SET (INSERT items (sku) SELECT name FROM people), (DELETE items AS i WHERE i.sku IN (SELECT user FROM events)) WHERE TRUE
---
DELETE FROM people WHERE age < 3 ASSERT_ROWS_MODIFIED 4
---
DELETE people AS p WHERE EXISTS (SELECT 1 FROM orders WHERE person_id = p.id) THEN RETURN WITH ACTION id
---
MERGE people AS p USING (SELECT person_id, status FROM orders) AS o ON p.id = o.person_id WHEN MATCHED AND o.status = 'x' THEN UPDATE SET name = o.status WHEN NOT MATCHED BY SOURCE THEN DELETE WHEN NOT MATCHED BY TARGET THEN INSERT (id, name) VALUES (o.person_id, DEFAULT)
---
MERGE INTO people USING people AS s ON FALSE WHEN NOT MATCHED THEN INSERT ROW
---
TRUNCATE TABLE people
---
CREATE TABLE copy AS SELECT id, name FROM people
---
CREATE OR REPLACE TABLE copy (id INT64 NOT NULL, more STRUCT<a INT64, b ARRAY<STRING>>) PARTITION BY day CLUSTER BY id OPTIONS (description = 'x') AS (SELECT id, NULL FROM people)
---
CREATE TEMP TABLE copy AS FROM people |> SELECT id
---
EXPORT DATA OPTIONS (uri = 'gs://b/*.csv', format = 'CSV') AS SELECT name FROM people
---
EXPORT DATA WITH CONNECTION a.b OPTIONS (uri = 'x') AS FROM people |> SELECT name
---
DECLARE n, m INT64 DEFAULT (SELECT MAX(age) FROM people); SET n = n + 1; SET (n, m) = (1, 2); SET @@time_zone = 'UTC'; SELECT name FROM people WHERE age > n
---
DECLARE i INT64 DEFAULT 0; WHILE i < 3 DO SET i = i + 1; INSERT INTO orders (order_id) VALUES (i); END WHILE
---
DECLARE i INT64 DEFAULT 0; LOOP SET i = i + 1; IF i > 3 THEN LEAVE; ELSEIF i = 2 THEN CONTINUE; ELSE SELECT i; END IF; END LOOP
---
outer_one: REPEAT SELECT 1; BREAK outer_one; UNTIL TRUE END REPEAT outer_one
---
block: BEGIN SELECT 1; other: LOOP LEAVE block; END LOOP other; END block; SELECT id FROM people
---
FOR p IN (SELECT id, name FROM people TABLESAMPLE SYSTEM (10 PERCENT)) DO SELECT p.name, order_id FROM orders WHERE person_id = p.id; END FOR
---
BEGIN SELECT 1; EXCEPTION WHEN ERROR THEN SELECT @@error.message; RAISE USING MESSAGE = 'x'; END
---
CASE WHEN EXISTS (SELECT 1 FROM people) THEN SELECT 1; ELSE SELECT 2; END CASE
---
CASE 1 WHEN 1 THEN SELECT id FROM people; WHEN 2 THEN SELECT 2; END CASE
---
BEGIN TRANSACTION; DELETE FROM people WHERE TRUE; COMMIT TRANSACTION
---
START TRANSACTION READ ONLY; SELECT id FROM people; ROLLBACK
---
BEGIN TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ WRITE; COMMIT
---
EXECUTE IMMEDIATE 'SELECT 1' INTO x USING 3 AS y
---
CALL ds.refresh(1, (SELECT MAX(age) FROM people))
---
ASSERT (SELECT COUNT(*) FROM people) > 3 AS 'too few'
---
(SELECT id, name FROM people) AS p
---
(SELECT id FROM people) AS a UNION ALL (SELECT order_id FROM orders) AS b ORDER BY 1
---
((SELECT id FROM people) AS a ORDER BY 1) LIMIT 3
---
SELECT * FROM ((SELECT id, name FROM people) AS a |> WHERE id > 3)
---
TABLE people
---
SELECT @ p, @@ project_id, @`q` FROM people WHERE id = ? OR age = ?
---
SELECT id FROM people NATURAL LEFT JOIN orders
---
FROM people |> NATURAL JOIN orders |> SELECT name
---
FROM people |> HASH JOIN orders ON id = person_id |> LOOKUP JOIN events ON TRUE |> SELECT name
---
SELECT * FROM UNNEST([1, 2] AS a, [3] AS b) AS t WITH OFFSET
---
SELECT * FROM UNNEST([1]) WITH OFFSET PIVOT (SUM(offset) FOR offset IN (0, 1)) AS x
---
SELECT * FROM people AS p UNPIVOT (p.v FOR p.k IN (p.age 'a', (p.id) AS 2))
---
SELECT * FROM people TABLESAMPLE SYSTEM (0x10 PERCENT) REPEATABLE (3)
---
SELECT name FROM people TABLESAMPLE RESERVOIR (CAST(@n AS INT64) ROWS) WITH WEIGHT REPEATABLE (@seed)
---
SELECT * FROM keep(TABLE people, MODEL ds.m, (SELECT 1) + 2, CONNECTION DEFAULT, CONNECTION a.b, name => 'x')
---
SELECT * FROM keep(TABLE keep(TABLE people WHERE age > 3), DESCRIPTOR(a, b))
---
FROM people |> CALL keep(INPUT TABLE, 7) AS k |> CALL keep((SELECT id FROM orders)) |> SELECT *
---
SELECT WITH DIFFERENTIAL_PRIVACY OPTIONS (epsilon = 10, privacy_unit_column = id) city, SUM(age, contribution_bounds_per_group => (0, 9)) FROM people GROUP BY city
---
SELECT WITH ANONYMIZATION OPTIONS (kappa = 3) city, ANON_SUM(age CLAMPED BETWEEN 0 AND 9 WITH REPORT (format = JSON)) FROM people GROUP BY city
---
SELECT WITH AGGREGATION_THRESHOLD OPTIONS (threshold = 3, privacy_unit_column = id) DISTINCT city FROM people GROUP BY city
---
SELECT ANON_COUNT(* CLAMPED BETWEEN 1 AND 2), COUNT(* IGNORE NULLS) OVER (), ARRAY_AGG(RESPECT NULLS) FROM people
---
SELECT ARRAY_AGG(name ORDER BY age LIMIT 3 OFFSET 1), ARRAY_AGG(id LIMIT ALL), SUM(age WHERE id > 3 HAVING MAX score) FROM people
---
SELECT SUM(AVG(age) GROUP BY city, ROLLUP (name), () HAVING COUNT(*) > 1) FROM people
---
SELECT (age).sum(GROUP BY city), (name).array_agg(DISTINCT ORDER BY name) FROM people
---
SELECT NEXTVAL(SEQUENCE ds.numbers), SUM(sequence CLAMPED BETWEEN 1 AND 2) FROM (SELECT 1 AS sequence)
---
SELECT f(() -> 1), f((a, b) -> a + b), f(a -> WITH(b AS a, b)) FROM people
---
SELECT p.(ext.one).two, (p).(ext)[0] FROM people AS p
---
SELECT AS ds.message id, name FROM people
---
SELECT id IN UNNEST([1] AS a, [2] AS b, mode => 'PAD'), (id).f() IS NOT NULL, (id) IN (1, 2).g() FROM people
---
SELECT id FROM people OUTER UNION ALL BY NAME SELECT order_id AS id FROM orders
---
SELECT id FROM people UNION ALL STRICT CORRESPONDING BY (id) SELECT order_id AS id FROM orders
---
WITH RECURSIVE c AS (SELECT id FROM people UNION ALL SELECT id + 1 FROM c) WITH DEPTH MAX @n SELECT * FROM c
---
FROM people |> RECURSIVE UNION ALL BY NAME WITH DEPTH AS d BETWEEN 1 AND UNBOUNDED (|> WHERE age > 3) AS c |> SELECT c.id, d
---
FROM people |> SELECT name, age |> LOG |> LOG (|> AGGREGATE COUNT(*)) |> SELECT name
---
FROM people |> TEE (|> SELECT name), (|> SELECT age), |> TEE |> SELECT city
---
FROM people |> FORK (|> SELECT name), (|> WHERE age > 3 |> AGGREGATE MAX(score))
---
FROM people |> IF @big THEN (|> SELECT name) ELSEIF @small THEN (|> SELECT city) ELSE () |> SELECT *
---
FROM people |> SELECT id |> INSERT INTO orders (order_id) ASSERT_ROWS_MODIFIED 3 THEN RETURN order_id |> SELECT *
---
FROM people |> SELECT id |> CREATE OR REPLACE TABLE copy PARTITION BY id OPTIONS (description = 'x')
---
FROM people |> EXPORT DATA WITH CONNECTION a.b OPTIONS (uri = 'x')
---
INSERT INTO orders (order_id) FROM people |> SELECT id |> INSERT INTO copy ASSERT_ROWS_MODIFIED 1 ASSERT_ROWS_MODIFIED 2
---
FROM people |> AGGREGATE GROUPING(city) AS g GROUP BY CUBE (city, name), () |> ORDER BY g DESC NULLS FIRST, |> LIMIT ALL
---
FROM people |> SET age = 1, |> DROP name, |> RENAME city AS town, |> SELECT town
---
FROM people |> SELECT WITH ANONYMIZATION COUNT(*)
