/*
How one cell of a file is read: the macros behind fundwatch/loader/values.py.
Each takes the cell's text and gives a typed value, or NULL when it cannot be read without a guess.
Canonical text takes a short path; spreadsheet habits (full-width digits, separators, Chinese dates) a longer one,
which DuckDB's CASE evaluates only for the cells that need it.
*/
create macro fw_trim(x) as
trim(x, chr(9) || chr(10) || chr(13) || ' ' || chr(160) || chr(12288) || chr(65279) || chr(8203));

-- blank: nothing, white space only, NULL, null, \N
create macro fw_word(x) as case when x in ('', 'NULL', 'null', '\N') then null else x end;

-- plain ASCII text without white space at its ends needs no trimming, nor does text that begins with a Chinese character
create macro fw_clean(x) as
case
    when x > '!' and x < '{' and x[-1] > ' ' and x[-1] < '~' and x not in ('NULL', 'null', '\N') then x
    when
        x >= '一' and x < '鿿'
        and not (ends_with(x, ' ') or ends_with(x, chr(9)) or ends_with(x, chr(10)) or ends_with(x, chr(13)))
        and not (ends_with(x, chr(160)) or ends_with(x, chr(12288)) or ends_with(x, chr(65279)) or ends_with(x, chr(8203)))
        then x
    else fw_word(fw_trim(x))
end;

-- translate takes every character in hand: only text that has one to narrow goes through it
create macro fw_narrow(x) as
case
    when not regexp_matches(x, '[０-９Ａ-Ｚａ-ｚ．，－＋／：（）＿]') then x
    else
        translate(
            x,
            '０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ'
            || 'ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ．，－＋／：（）＿',
            '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.,-+/:()_'
        )
end;

create macro fw_code(x) as
case
    when x > '!' and x < '{' and x[-1] > ' ' and x[-1] < '~' and x not in ('NULL', 'null', '\N') then x
    else fw_word(fw_trim(fw_narrow(x)))
end;

-- 310.0 is what a spreadsheet makes of 310
create macro fw_whole(x) as
case when regexp_full_match(x, '\d+\.0+') then split_part(x, '.', 1) else x end;

-- a listed code, from the code itself, its label, or the code without leading zeros
-- (CASE, because coalesce reads every argument of every row)
create macro fw_listed(x, codes, words) as
case when list_contains(codes, x) then x else words[fw_whole(fw_code(x))] end;

create macro fw_shaped(x, pattern) as
case
    when regexp_full_match(x, pattern) then x
    when regexp_full_match(fw_whole(fw_code(x)), pattern) then fw_whole(fw_code(x))
end;

create macro fw_strip(x) as replace(fw_narrow(fw_trim(x)), '−', '-');

-- a number as a spreadsheet shows it → plain text: 1,234.50  ￥12元  (12.50)  １２．５  1E+3; '' for a lone dash
-- (the one-element list binds the stripped text once)
create macro fw_number_text(x) as
list_transform(
    [fw_strip(x)],
    lambda s:
    case
        when s = '-' then ''
        when regexp_full_match(s, '\([¥￥]? ?(\d{1,3}(,\d{3})+|\d+)(\.\d{0,18})?元?\)')
            then '-' || regexp_replace(s, '[¥￥元,() ]', '', 'g')
        when regexp_full_match(s, '([-+]?[¥￥]? ?|[¥￥] ?[-+])((\d{1,3}(,\d{3})+|\d+)(\.\d{0,18})?|\.\d{1,18}) ?元?')
            then regexp_replace(s, '[¥￥元,+ ]', '', 'g')
        when regexp_full_match(s, '[-+]?\d{1,15}(\.\d{0,6})?[eE][-+]?(\d|0\d|1[0-2])') then s
    end
)[1];

-- exact or nothing: a value with more decimals than the column holds is not rounded
create macro fw_exact(text, narrowed) as
case when try_cast(text as decimal(38, 18)) = narrowed then narrowed end;

-- year, month, day, hour, minute, second, fraction and zone of a written time; every part '' when it is none
create macro fw_time_parts(x) as
regexp_extract(
    fw_strip(x),
    '^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?'
    || '(?:[T ]+(\d{1,2})[:时](\d{1,2})(?:[:分](?:(\d{1,2})(\.\d{1,9})?秒?)?)?(Z|[-+]\d{2}(?::?\d{2})?)?)?$',
    ['year', 'month', 'day', 'hour', 'minute', 'second', 'fraction', 'zone']
);

-- a zoned time becomes the wall clock of Asia/Shanghai (+08:00)
create macro fw_zone_minutes(zone) as
case
    when zone = '' then 480
    when zone = 'Z' then 0
    else
        cast(zone[1] || '1' as integer)
        * (60 * cast(zone[2:3] as integer) + coalesce(try_cast(replace(zone[4:], ':', '') as integer), 0))
end;

create macro fw_habit_time(x) as
case
    when regexp_full_match(fw_whole(fw_strip(x)), '\d{8}|\d{14}')
        then try_strptime(rpad(fw_whole(fw_strip(x)), 14, '0'), '%Y%m%d%H%M%S')
    else
        list_transform(
            [fw_time_parts(x)],
            lambda p:
            try_cast(
                p.year || '-' || p.month || '-' || p.day || ' ' || coalesce(nullif(p.hour, ''), '0') || ':'
                || coalesce(nullif(p.minute, ''), '0') || ':' || coalesce(nullif(p.second, ''), '0') || p.fraction
                as timestamp
            ) + to_minutes(480 - fw_zone_minutes(p.zone))
        )[1]
end;

create macro fw_time(x) as
case when strlen(x) = 19 and x[5] = '-' and x[17] = ':' then try_cast(x as timestamp) else fw_habit_time(x) end;

create macro fw_date(x) as
case when strlen(x) = 10 and x[5] = '-' then try_cast(x as date) else cast(fw_habit_time(x) as date) end;

create macro fw_month(x) as
case
    when regexp_full_match(x, '\d{4}-(0[1-9]|1[0-2])') then x
    when regexp_full_match(x, '\d{4}(0[1-9]|1[0-2])') then x[1:4] || '-' || x[5:6]
    when regexp_full_match(fw_whole(fw_strip(x)), '\d{4}(0[1-9]|1[0-2])')
        then fw_strip(x)[1:4] || '-' || fw_strip(x)[5:6]
    when regexp_full_match(fw_strip(x), '\d{4}[-/年](0?[1-9]|1[0-2])月?份?')
        then
            fw_strip(x)[1:4] || '-'
            || lpad(regexp_extract(fw_strip(x), '^\d{4}[-/年](\d{1,2})', 1), 2, '0')
    else strftime(fw_date(x), '%Y-%m')
end;

create macro fw_quarter(x) as
case
    when regexp_full_match(x, '\d{4}Q[1-4]') then x
    when regexp_full_match(fw_strip(x), '\d{4}[-/年 ]*([qQ][1-4]|第?[1-4一二三四]季度?)')
        then
            fw_strip(x)[1:4] || 'Q'
            || translate(regexp_extract(fw_strip(x)[5:], '[1-4一二三四]'), '一二三四', '1234')
end;

create macro fw_year(x) as
case
    when regexp_full_match(fw_whole(fw_code(x)), '(19|20)\d{2}年?') then cast(fw_code(x)[1:4] as integer)
end;
