"""What no server should send, or hardly ever does: parts of JSON, headers, status lines, bodies."""

from __future__ import annotations

NO_PLAIN_JSON = (
    *("NaN", "Infinity", "-Infinity", "-NaN", "nan", "-0", "-0.0", "1e400", "-1e400", "1e-400"),
    *("1.0", "5.0", "1E+2", "0.1e1", "01", "+1", ".5", "1.", "0x10", "1_000", "1e", "--1", "-"),
    *("9" * 19, "9" * 20, "-9223372036854775809", "1" + "0" * 400, "7" * 4300, "7" * 4301),
    *("9" * 100_000, "1" + "0" * 310 + ".0", "1e99999999999", "True", "None", "undefined", "''"),
    *(r'"\ud800"', r'"\udc00\ud800"', r'"\u0000"', r'"\x41"', r'"\u12"', '"\t"', '"\n"', '"', ""),
    *(",", "{", "]", "[1,]", '{"a":1,}', "{a:1}", "{1:2}", "// note\n1", "/**/1", "\ufeff1"),
    *('{"\\ud800":1}', '{"a":1,"a":2,"a":3}', '"' + "x" * 50_000 + '"', "[" + "0," * 9_999 + "0]"),
)
BROKEN_TIMES = (
    *("", " ", "now", "2024", "2024-01", "2024-01-31", "20240131", "2024-W05-3", "2024-031"),
    *("2024-02-30", "2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z", "2024-00-00T00:00:00Z"),
    *("0000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999999-12:00"),
    *("10000-01-01T00:00:00Z", "-0001-01-01T00:00:00Z", "+12024-01-31T10:20:30Z"),
    *("2024-01-31T24:00:00Z", "2024-01-31T24:00:00.001Z", "2024-01-31T25:61:61Z"),
    *("2016-12-31T23:59:60Z", "2024-01-31T10:20:30", "2024-01-31 10:20:30Z", "2024-01-31T10Z"),
    *("2024-01-31T10:20:30+24:00", "2024-01-31T10:20:30+99:99", "2024-01-31T10:20:30+00:00:01"),
    *("2024-01-31T10:20:30[Europe/Warsaw]", "2024-01-31T10:20:30 CET", "2024-01-31T10:20:30ZZ"),
    *("2024-01-31T10:20:30.Z", "2024-01-31T10:20:30." + "1" * 5000 + "Z", "2024-1-3T1:2:3Z"),
    *("\u0662\u0660\u0662\u0664-01-31T10:20:30Z", "2024-01-31T10:20:30Z\n"),
    *("2024-01-31T10:20:3\x00Z", "Wed, 31 Jan 2024 10:20:30 GMT", "20240131T102030Z"),
    *("9999365T235959-23:59", "0001001T000000Z", "P", "PT", "-PT", "P1Y", "P1M", "P1W", "P1DT"),
    *("PT1", "PT1.5H", "PT1H-30M", "PT+-1S", "P-1D", "PT999999999999999999999H", "P999999999D"),
    *("-P999999999DT24H", "PT0.9999999999S", "pt1s", "PT" + "9" * 5000 + "S"),
    *("P999999999DT999999H", "1:30:00", 0, -1, 1, 1e11, 99_999_999_999, 253_402_300_800, 1e18),
    *(-1e18, 1e300, -62_135_596_801, 2**63, True, 1.5, 1e-9, [2024, 1, 31]),
    *([2024, 1, 31, 10, 20, 30, 123456789], {"seconds": 1}, float("nan"), float("inf")),
    -float("inf"),
)
DEPTHS = (*(3, 30, 100, 200, 300, 480, 900, 990, 1025, 3000, 20_000, 100_000),)
CONTENT_TYPES = (
    *(b"", b" ", b";", b"/", b"text", b"text/", b"text/html", b"TEXT/HTML; charset=utf-8"),
    *(b"application/json;charset=utf-16", b"application/problem+json", b"application/xml"),
    *(b"application/json; charset=", b'application/json; charset="utf-8', b"text/plain; charset"),
    *(b"text/plain; charset=utf-7", b"text/plain; charset=idna", b"text/plain; charset=punycode"),
    *(b"text/plain; charset=utf-16", b"text/plain; charset=utf-32", b"text/csv; charset=cp037"),
    *(b"text/plain; charset=undefined", b"text/plain; charset=hex", b"text/plain; charset=zlib"),
    *(b"text/plain; charset=rot13", b"text/plain; charset=unicode_escape"),
    *(b"text/csv; charset=\xff", b"text/plain; charset=raw_unicode_escape"),
    *(b"text/plain; charset=mbcs", b"text/x; charset=u8", b"text/plain; charset=base64"),
    *(b"text/plain; charset=bz2", b"text/plain; charset=quopri", b"text/plain; charset=../../x"),
    *(b"text/plain; charset=a\x00b", b"text/plain; charset=__init__"),
    *(b"text/plain; charset*=utf-8''utf-8", b"text/plain; charset*0=ut; charset*1=f-8"),
    *(b"text/plain; charset=" + b"a" * 5000, b'text/plain; charset="\\""'),
    *(b"text/plain; charset=oem", b"multipart/form-data; boundary=x", b"application/octet-stream"),
    *(b"\xe4\xf6\xfc", b"a/b" * 999),
)
CODINGS = (
    *(b"gzip", b"x-gzip", b"GZIP", b"deflate", b"br", b"zstd", b"compress", b"identity", b"", b","),
    *(b"gzip, gzip", b"gzip, deflate", b"gzip,gzip,gzip,gzip", b"utf-8", b"\xff", b"gzip;q=0"),
    b"*",
)
LENGTHS = (
    *(b"", b" ", b"-1", b"+1", b"0", b"1", b"00", b"1.0", b"0x10", b"1e3", b"abc", b"\xb2", b"1 1"),
    *(b"1_0", b"1,1", b"1, 2", b"99", b"99999999", b"9" * 18, b"9" * 19, b"9" * 30, b"9" * 4301),
)
CHUNKED = (
    *(b"0\r\n\r\n", b"", b"\r\n", b"2\r\n[]\r\n0\r\n\r\n", b"2;a=b\r\n[]\r\n0\r\nX-T: 1\r\n\r\n"),
    *(b"2\r\n[]", b"2\r\n[]\r\n", b"3\r\n[]\r\n0\r\n\r\n", b"-2\r\n[]\r\n0\r\n\r\n"),
    *(b"x\r\n[]\r\n", b"2\n[]\n0\n\n", b"02\r\n[]\r\n00\r\n\r\n", b"f" * 17 + b"\r\n[]"),
    *(b"ffffffffffffffff\r\n[]", b"2\r\n[]\r\n0\r\nX: \r\n y\r\n\r\n"),
    *(b"2\r\n[]\r\n0\r\n:\r\n\r\n", b"2 \r\n[]\r\n0 \r\n\r\n"),
    b"2;" + b"a" * 20_000 + b"\r\n[]\r\n0\r\n\r\n",
    b"1\r\n[\r\n1\r\n]\r\n0\r\n\r\nHTTP/1.1 200 OK",
)
TRANSFER_CODINGS = (
    *(b"chunked", b"Chunked", b"gzip, chunked", b"chunked, gzip", b"chunked, chunked", b"identity"),
    *(b"xchunked", b"chunked\x0b", b"", b"\xff"),
)
STATUS_LINES = (
    *(b"HTTP/1.0 200 OK", b"HTTP/1.1 200", b"HTTP/1.1 200 ", b"HTTP/1.1  200 OK"),
    *(b"http/1.1 200 OK", b"HTTP/2.0 200 OK", b"HTTP/2 200", b"HTTP/3 200", b"HTTP/0.9 200 OK"),
    *(b"HTTP/1.2 200 OK", b"HTTP/1.10 200 OK", b"ICY 200 OK", b"HTTP 200 OK", b"200 OK", b""),
    *(b"\r\n", b"\x00" * 8, b"HTTP/1.1 20 OK", b"HTTP/1.1 2000 OK", b"HTTP/1.1 -20 OK"),
    *(b"HTTP/1.1 abc OK", b"HTTP/1.1", b"HTTP/1.1 000 Zero", b"HTTP/1.1 099 Low"),
    *(b"HTTP/1.1 600 High", b"HTTP/1.1 999 Odd", b"HTTP/1.1 \xb2\xb2\xb2 OK"),
    *(b"HTTP/1.1 200 \xff\xfe", b"HTTP/1.1 200 " + b"O" * 9_000, b"HTTP/1.1 200 OK\x00"),
    *(b"HTTP/1.1 200 O\x1bK", b"HTTP/1.1\t200\tOK", b"HTTP/1.1 200OK"),
    *(b"\x16\x03\x01\x02\x00\x01\x00\x01", b"SSH-2.0-OpenSSH_9.6", b"220 mail ready", b"<html>"),
    *(b"HTTP/1.1 200 " + b"O" * 120_000, b"HTTP/1.1 200 OK\r", b"\xef\xbb\xbfHTTP/1.1 200 OK"),
)
HEADER_LINES = (
    *(b"No colon", b": no name", b" folded", b"\tfolded", b"A B: space", b"A : space", b"X:"),
    *(b"X: \t", b"X: \x00", b"X: a\x0bb", b"X: \x7f", b"X: \x80\xff", b"\xe4: name", b"X: a\rb"),
    *(b"X: a\nY: b", b"X: " + b"y" * 9_000, b"X: " + b"y" * 70_000, b"X: " + b"y" * 150_000),
    *(b"X" * 9_000 + b": y", b"X: " + b"\r\nX: ".join([b"y"] * 120)),
    *(b"X: " + b"\r\nX: ".join([b"y"] * 3_000), b"\x00: x", b"Connection: close"),
    *(b"Connection: upgrade", b"Connection: \xff", b"Connection: keep-alive, x"),
    *(b"Keep-Alive: timeout=-1", b"Upgrade: websocket", b"Date: never", b"Date: \xff"),
    *(b"Trailer: X", b"Retry-After: -1", b"Retry-After: soon", b"Retry-After: 1e400"),
    *(b"Retry-After: nan", b"Retry-After: " + b"9" * 5000, b"Retry-After: \xb2", b"Retry-After: 0"),
    *(b"Retry-After: ", b"Retry-After: Fri, 31 Dec 9999 23:59:59 -2359"),
    *(b"Retry-After: Mon, 00 Xxx 0000 00:00:00", b"Retry-After: Sun, 31 Feb 2024 10:20:30 GMT"),
    *(b"Retry-After: 1, 2", b"Retry-After: 0x1"),
    *(b"Retry-After: Sun, 06 Nov 1994 08:49:37 +9999999999", b"WWW-Authenticate: Basic"),
    *(b"WWW-Authenticate: Digest \xff", b"WWW-Authenticate: ", b"Link: <;>", b"ETag: W/"),
    *(b"Proxy-Authenticate: Negotiate", b'Alt-Svc: h3=":443"', b"Content-Range: bytes */0"),
    *(b"Strict-Transport-Security: max-age=x", b"Content-Location: //", b"Refresh: 0; url=/x"),
)
COOKIES = (
    *(b"", b"=", b";", b"a", b"a=", b"=b", b"a=b; Path=/; Domain=example.com", b"a=b; Domain=."),
    *(b"a=b; Max-Age=x", b"a=b; Max-Age=" + b"9" * 5000, b"a=b; Expires=x", b"a=b; Max-Age=-1e9"),
    *(b"a=b; Expires=Fri, 31-Dec-99999 23:59:59 GMT", b"a=b; Expires=Thu, 01 Jan 0000 00:00:00"),
    *(b'a=b; Port="x"; Version=1', b"a=b; Version=x", b"a=b; Version=" + b"9" * 5000, b'a="b'),
    *(b"a=\xff\xfe", b"\xff=b", b"a=b\x00c", b"a=b; Path=\xff", b"a=b, c=d; Path=/x", b"a b=c d"),
    *(b"a=1; Path=/\r\nSet-Cookie: a=2; Path=/api", b"a=b; Secure; HttpOnly; SameSite=Odd"),
    *(b"DQODataDomain=x; Path=/", b'DQODataDomain="a b"', b"DQODataDomain=; Max-Age=0"),
    *(b"DQODataDomain=\xc3\xbc", b"DQODataDomain=x,y; Path=/\r\nSet-Cookie: DQODataDomain=z"),
    *(b"a=" + b"b" * 9_000, b"$Version=1; a=b", b"a=b;;;;=;=", b"__Host-a=b", b"a=b; Port"),
    *(b"a=b; Domain=[::1]", b"a=b; Domain=127.0.0.1", b"a=b; Domain=\xe4.de", b"a=b; Path="),
)
LOCATIONS = (
    *(b"", b" ", b"/", b".", b"..", b"?", b"#", b"/../../x", b"/%", b"/%zz", b"/%ff", b"/\xff\xfe"),
    *(b"http:", b"http://", b"http:///x", b"//", b"///", b"http:/x", b"://", b"http:x", b"//:80/"),
    *(b"http://127.0.0.1:1/", b"http://127.0.0.1:0/", b"http://127.0.0.1:99999/", b"https:x"),
    *(b"http://127.0.0.1:x/", b"http://127.0.0.1:-1/", b"http://[::1", b"http://[x]/"),
    *(b"http://[]/", b"http://[::1]:1/", b"http://127.0.0.1:1:1/"),
    *(b"http://user:pass@127.0.0.1:1/", b"http://\x00/", b"ftp://127.0.0.1/"),
    *(b"file:///etc/passwd", b"javascript:alert(1)", b"data:,x", b"mailto:a@b"),
    *(b"http://127.0.0.1:1/\r\nX: y", b"/a b", b"/a\tb", b"/\\x", b"\\\\x", b"/\x7f", b"x" * 9_000),
    *(b"/" + b"x" * 70_000, b"http://a b/", b"http://xn--/", b"http://\xe4/", b"http://%/", b"*"),
    *(b"http://" + b"a" * 300 + b"/", b"http://a..b/", b"http://1.2.3.999/", b"HTTP://", b"/x#y"),
    *(b"/a\r\nLocation: /b", b"http://\xf0\x9f\x92\xa9/", b"http://xn--a-ecp.ru/", b"urn:x"),
    b"1:2",
)
DISPOSITIONS = (
    *(b"", b";", b"attachment", b"attachment; filename", b"attachment; filename=", b"=", b"\xff"),
    *(b'attachment; filename="../../etc/passwd"', b'attachment; filename=".."'),
    *(b"inline; filename=/", b"attachment; filename*=utf-8''%ff", b"attachment; filename*=x''y"),
    *(b"attachment; filename*=''", b"attachment; filename*=utf-8'%41"),
    *(b"attachment; filename*0*=utf-8''a; filename*2=b", b"attachment; filename*0=a; filename*0=b"),
    *(b"attachment; filename*x=a", b"attachment; filename*", b'attachment; filename="a\x00b"'),
    *(b'attachment; filename="=?utf-8?q?a?="', b"a;" * 3_000),
    *(b"attachment; filename*" + b"9" * 5000 + b"=a", b'attachment; filename="a'),
    *(b"attachment; a\\", b"attachment; filename*=idna''%ff"),
    *(b"attachment; filename*=undefined''a", b"\x80; filename=\x80"),
)
PAGES = (
    *(b"<html></html>", b"<!DOCTYPE html>\n<title>Sign in</title>", b"\n\n <HTML lang=en>", b"<"),
    *(b"<?xml version='1.0'?><error/>", b"Service Unavailable", b"upstream connect error", b"OK"),
    *(b"\xef\xbb\xbf<html>", b"<html>" + b"x" * 50_000, b"404 page not found\n", b"null\x00"),
    *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xfe\xff\x00", b"\x00\x00\xfe\xff", b'""', b'"'),
    *(b"''", b"0", b"null", b" null\n", b"true", b"[]", b"{}", b"[null]", b"[[]]", b'"text"'),
    *(b"-1", b"1.5", b"NaN"),
)
ENCODINGS = (
    *("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "utf-8-sig", "latin-1", "cp037"),
    *("utf-7", "ascii", "shift_jis"),
)
INTERIM = (
    *(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 102 Processing\r\nX: y\r\n\r\n"),
    *(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n" * 50),
    *(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", b"\r\n"),
    *(b"HTTP/1.1 199 Odd\r\nContent-Length: 2\r\n\r\n", b"HTTP/1.1 100\r\n\r\n", b"\n\n\n"),
    b"\x00",
)
