/*
grain: one row per number of a national batch
key: [pattern]
note: >
  how a source of knowledge points names its batch (第八批-1 is batch 8). Of points that begin on the same day, those of the latest
  batch are in force; sources that name no batch stand beside them
*/
select
    batch.pattern,
    batch.batch_no
from (
    values
    ('%第一批%', 1),
    ('%第二批%', 2),
    ('%第三批%', 3),
    ('%第四批%', 4),
    ('%第五批%', 5),
    ('%第六批%', 6),
    ('%第七批%', 7),
    ('%第八批%', 8),
    ('%第九批%', 9),
    ('%第十批%', 10),
    ('%第十一批%', 11),
    ('%第十二批%', 12),
    ('%第十三批%', 13),
    ('%第十四批%', 14),
    ('%第十五批%', 15),
    ('%第十六批%', 16),
    ('%第十七批%', 17),
    ('%第十八批%', 18),
    ('%第十九批%', 19),
    ('%第二十批%', 20)
) as batch (pattern, batch_no)
