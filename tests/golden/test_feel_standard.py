# ruff: noqa: E501 - one example a line
"""Known answers: the DMN standard's examples for FEEL, as equations that must be true."""

from datetime import UTC, datetime

import pytest

from servoloop.kernel.feel.expression import compile

EQUATIONS = """
[1, 2, 3, 4][item > 2] = [3, 4]
[ {x:1, y:2}, {x:2, y:3} ][x=1] = [{x:1, y:2}]
[ {x:1, y:2}, {x:null, y:3} ][x < 2] = [{x:1, y:2}]
[ {x:1, y:2}, {x:2, y:3} ].y = [2,3]
3[item > 2] = [3]
[{b: [1]}, {b: [2.1,2.2]}, {b: [3]}, {b: [4, 5]}].b = [[1], [2.1, 2.2], [3], [4, 5]]
get entries({key1: "value1"})[key = "key1"].value = ["value1"]
5 in (<=5)
not(5 in ((5..10]))
5 in ([5..10])
5 in (4, 5, 6)
not(5 in (<5, >5))
@"2012-12-31" in ((@"2012-12-25"..@"2013-02-14"))
.25 + .2 = 0.45
.10 * 30.00 = 3.0000
1 + 3/2*2 - 2**3 = -4.0
1/3 = 0.3333333333333333333333333333333333
decimal(1/3, 2) = 0.33
1 = 1.000
1.01/2 = 0.505
decimal(0.505, 2) = 0.50
decimal(0.515, 2) = 0.52
1.0*10**3 = 1000.0
(function(x, y) x + y)(1, 2) = 3
{isPositive: function(x) x > 0, isNotNegative: function(x) isPositive(x + 1), result: isNotNegative(0)}.result
(for i in 0..4 return if i = 0 then 1 else i * partial[-1]) = [1, 1, 2, 6, 24]
(for i in [1, 2], j in [10, 20] return i + j) = [11, 21, 12, 22]
(for i in 3..1 return i) = [3, 2, 1]
some i in [1, 2, 3] satisfies i > 2
every i in [1, 2, 3] satisfies i > 0
(some i in [] satisfies i) = false
(every i in [] satisfies i) = true
("1" = 1) = null
[123] instance of list<number>
"abc" instance of string
(123 instance of string) = false
(123 instance of list) = null
date("2012-12-25") - date("2012-12-24") = duration("P1D")
date(date and time("2012-12-25T11:00:00Z")) = date("2012-12-25")
date(2012, 12, 25) = date("2012-12-25")
date and time("2012-12-24T23:59:00") = date and time(date("2012-12-24"), time("23:59:00"))
date and time("2012-12-24T23:59:00") + duration("PT1M") = date and time("2012-12-25T00:00:00")
time("23:59:00z") + duration("PT2M") = time("00:01:00@Etc/UTC")
time(date and time("2012-12-25T11:00:00Z")) = time("11:00:00Z")
time("23:59:00z") = time(23, 59, 0, duration("PT0H"))
number("1 000,0", " ", ",") = number("1,000.0", ",", ".")
string(1.1) = "1.1"
string(null) = null
date and time("2012-12-24T23:59:00") - date and time("2012-12-22T03:45:00") = duration("P2DT20H14M")
duration("P2Y2M") = duration("P26M")
years and months duration(date("2011-12-22"), date("2013-08-24")) = duration("P1Y8M")
not(null) = null
substring("foobar", 3) = "obar"
substring("foobar", 3, 3) = "oba"
substring("foobar", -2, 1) = "a"
substring("\\U01F40Eab", 2) = "ab"
string length("foo") = 3
string length("\\U01F40Eab") = 3
upper case("aBc4") = "ABC4"
lower case("aBc4") = "abc4"
substring before("foobar", "bar") = "foo"
substring before("foobar", "xyz") = ""
substring after("foobar", "ob") = "ar"
substring after("", "a") = ""
replace("banana", "a", "o") = "bonono"
replace("abcd", "(ab)|(a)", "[1=$1][2=$2]") = "[1=ab][2=]cd"
not(contains("foobar", "of"))
starts with("foobar", "fo")
ends with("foobar", "r")
matches("foobar", "^fo*b")
split("John Doe", "\\\\s") = ["John", "Doe"]
split("a;b;c;;", ";") = ["a","b","c","",""]
string join(["a","b","c"], "_and_") = "a_and_b_and_c"
string join(["a","b","c"], null) = "abc"
string join(["a",null,"c"], "X") = "aXc"
string join([], "X") = ""
string join(["a",null,"c"]) = "ac"
list contains([1,2,3], 2)
count([1,[2,3]]) = 2
count([]) = 0
min([1,2,3]) = 1
max(1,2,3) = 3
min(1) = min([1])
max([]) = null
sum([1,2,3]) = 6
sum(1,2,3) = 6
sum(1) = 1
sum([]) = null
mean([1,2,3]) = 2
mean([]) = null
all([false,null,true]) = false
all(true) = all([true])
all([]) = true
all(0) = null
any([false,null,true]) = true
any(false) = false
any([]) = false
any(0) = null
sublist([4,5,6], 1, 2) = [4,5]
append([1], 2, 3) = [1,2,3]
concatenate([1,2],[3]) = [1,2,3]
insert before([1,3],1,2) = [2,1,3]
remove([1,2,3], 2) = [1,3]
reverse([1,2,3]) = [3,2,1]
index of([1,2,3,2],2) = [2,4]
union([1,2],[2,3]) = [1,2,3]
distinct values([1,2,3,2,1]) = [1,2,3]
flatten([[1,2],[[3]], 4]) = [1,2,3,4]
product([2, 3, 4]) = 24
product(2, 3, 4) = 24
median(8, 2, 5, 3, 4) = 4
median([6, 1, 2, 3]) = 2.5
median([]) = null
stddev(2, 4, 7, 5) = 2.081665999466132735282297706979931
stddev([47]) = null
stddev(47) = null
stddev([]) = null
mode(6, 3, 9, 6, 6) = [6]
mode([6, 1, 9, 6, 1]) = [1, 6]
mode([]) = []
decimal(2.5, 0) = 2
floor(1.5) = 1
floor(-1.56, 1) = -1.6
ceiling(1.5) = 2
ceiling(-1.56, 1) = -1.5
round up(-1.126, 2) = -1.13
round down(-5.5, 0) = -5
round half up(5.5, 0) = 6
round half down(5.5, 0) = 5
round half down(-5.5, 0) = -5
round half down(1.121, 2) = 1.12
abs(@"-PT5H") = @"PT5H"
modulo(12, 5) = 2
modulo(-12, 5) = 3
modulo(12, -5) = -3
modulo(-12, -5) = -2
modulo(10.1, 4.5) = 1.1
modulo(-10.1, 4.5) = 3.4
modulo(10.1, -4.5) = -3.4
modulo(-10.1, -4.5) = -1.1
sqrt(16) = 4
sqrt(-1) = null
decimal(log(10), 11) = 2.30258509299
decimal(exp(5), 12) = 148.413159102577
odd(5)
not(odd(2))
even(2)
not(even(5))
not(is(date("2012-12-25"), time("23:00:50")))
is(date("2012-12-25"), date("2012-12-25"))
not(is(time("23:00:50z"), time("23:00:50")))
is(time("23:00:50z"), time("23:00:50+00:00"))
before(1, 10)
not(before(10, 1))
not(before(1, [1..10]))
before(1, (1..10])
before(1, [5..10])
not(before([1..10], 10))
before([1..10), 10)
before([1..10], 15)
before([1..10], [15..20])
not(before([1..10], [10..20]))
before([1..10), [10..20])
before([1..10], (10..20])
after(10, 5)
not(after(5, 10))
after(12, [1..10])
after(10, [1..10))
not(after(10, [1..10]))
not(after([11..20], 12))
after([11..20], 10)
after((11..20], 11)
after([11..20], [1..10])
not(after([1..10], [11..20]))
after([11..20], [1..11))
after((11..20], [1..11])
meets([1..5], [5..10])
not(meets([1..5), [5..10]))
not(meets([1..5], (5..10]))
not(meets([1..5], [6..10]))
met by([5..10], [1..5])
not(met by([5..10], [1..5)))
overlaps([1..5], [3..8])
overlaps([1..8], [3..5])
not(overlaps([1..5], [6..8]))
overlaps([1..5], [5..8])
not(overlaps([1..5], (5..8]))
not(overlaps([1..5), [5..8]))
overlaps([5..8], [1..5])
not(overlaps((5..8], [1..5]))
overlaps before([1..5], [3..8])
not(overlaps before([1..5], [6..8]))
overlaps before([1..5], [5..8])
not(overlaps before([1..5], (5..8]))
overlaps before([1..5), (1..5])
overlaps before([1..5], (1..5])
not(overlaps before([1..5), [1..5]))
not(overlaps before([1..5], [1..5]))
overlaps after([3..8], [1..5])
not(overlaps after([6..8], [1..5]))
overlaps after((1..5], [1..5))
overlaps after((1..5], [1..5])
not(overlaps after([1..5], [1..5)))
finishes(10, [1..10])
not(finishes(10, [1..10)))
finishes([5..10], [1..10])
not(finishes([5..10), [1..10]))
finishes((1..10], [1..10])
finished by([1..10], 10)
finished by([1..10], [5..10])
finished by([1..10], (1..10])
includes([1..10], 5)
not(includes([1..10], 12))
not(includes((1..10], 1))
includes([1..10], [4..6])
includes([1..10], (1..10))
includes([1..10), [5..10))
during(5, [1..10])
during([4..6], [1..10])
during((1..10), [1..10])
starts(1, [1..10])
not(starts(1, (1..10]))
starts([1..5], [1..10])
not(starts((1..5], [1..10]))
starts([1..10), [1..10])
started by([1..10], 1)
started by([1..10], [1..5])
started by([1..10], [1..10))
coincides(5, 5)
not(coincides(3, 4))
coincides([1..5], [1..5])
not(coincides((1..5), [1..5]))
day of year(date(2019, 9, 17)) = 260
day of week(date(2019, 9, 17)) = "Tuesday"
month of year(date(2019, 9, 17)) = "September"
week of year(date(2019, 9, 17)) = 38
week of year(date(2003, 12, 29)) = 1
week of year(date(2005, 1, 1)) = 53
week of year(date(2005, 1, 9)) = 1
sort(list: [3,1,4,5,2], precedes: function(x,y) x < y) = [1,2,3,4,5]
get value({key1 : "value1"}, "key1") = "value1"
get value({key1 : "value1"}, "unexistent-key") = null
get entries({key1 : "value1", key2 : "value2"}) = [{key: "key1", value: "value1"}, {key: "key2", value: "value2"}]
context([{key:"a", value:1}, {key:"b", value:2}]) = {a:1, b:2}
context([{key:"a", value:1}, {key:"b"}]) = null
context put({x:1}, "y", 2) = {x:1, y:2}
context put({x:1, y:0, z:0}, "y", 2) = {x:1, y:2, z:0}
context put({x:1}, ["y"], 2) = {x:1, y:2}
context put({x:1, y: {a: 0}}, ["y", "a"], 2) = {x:1, y: {a: 2}}
context put({x:1, y: {a: 0}}, [], 2) = null
context merge([{x:1, y:0}, {y:2}]) = {x:1, y:2}
now() = date and time("2026-03-04T05:06:07Z")
today() = date("2026-03-04")
[1..10].start included
not((1..10].start included)
(<= 10).start = null
not((<= 10).start included)
(<= 10).end included
not((> 1).end included)
(> 1).start = 1
[5..1] = null
[1.."b"] = null
(5 in [10..1]) = null
0 ** 0 = 1
range("(..2)") = (< 2)
range("[2..)") = (>= 2)
range("[..2]") = null
date and time("2012-03-07T00:00:00Z").year = 2012
@"2012-03-07".weekday = 3
@"P1DT2H".hours = 2
@"P1Y13M".years = 2
@"P1DT2H".years = null
@"10:30:00@Europe/Paris".timezone = "Europe/Paris"
@"10:30:00+02:00".time offset = @"PT2H"
@"10:30:00".time offset = null
list replace([2, 4, 7, 8], 3, 6) = [2, 4, 6, 8]
list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5) = [5, 5, 7, 8]
range("[18..21)") = [18..21)
[1..3] instance of range<number>
(>= @"2019-01-01") instance of range<date>
(function(a: number) a) instance of function<number> -> Any
{a: 1, b: "x"} instance of context<a: number, b: string>
not({a: 1} instance of context<a: number, b: string>)
null instance of Null
(null instance of number) = false
@"2020-01-01T10:00:00" < @"2020-01-01T11:00:00Z"
@"2021-01-31" + @"P1D" = @"2021-02-01"
@"2021-01-01" - @"P1Y" = @"2020-01-01"
@"P1D" * 2 = @"P2D"
@"P2D" / @"P1D" = 2
@"P1Y" / 2 = @"P6M"
@"10:00:00" - @"08:30:00" = @"PT1H30M"
if null then 1 else 2 = 2
(if "a" then 1 else 2) = 2
{a: 1}.b = null
[1, 2, 3][-1] = 3
[1, 2, 3][4] = null
partition([1, 2, 3, 4, 5], 2) = [[1, 2], [3, 4], [5]]
string([1, 2, "a"]) = "[1, 2, \\"a\\"]"
string({a: "x"}) = "{a: \\"x\\"}"
string(@"P1DT2H") = "P1DT2H"
(for d in @"2026-01-30"..@"2026-02-01" return d.day) = [30, 31, 1]
"\\u0041\\t" = "A\\u0009"
matches("ab", "A.", "i")
"a" in ["a", "b"] and 1 in [[0..2], 5]
2 ** -1 = 0.5
-2 ** 2 = 4
{a: function(x, y) x - y, r: a(y: 1, x: 3)}.r = 2
sum([@"PT1H", @"PT2H"]) = null
(function(a) function(b) a + b)(1)(2) = 3
abs instance of function<Any> -> Any
"""


@pytest.mark.parametrize("equation", [line for line in EQUATIONS.splitlines() if line])
def test_the_standards_examples_hold(equation: str) -> None:
    at = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)

    assert compile(equation).evaluate({}, at=at) is True
