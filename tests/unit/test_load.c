/* SPDX-License-Identifier: MIT */
/* Recordings: a correct one, and all kinds of wrong ones. Each wrong one is the correct one with
 * one piece replaced. */
#include "build.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>

/* ' is ". */
static const char right[] =
    "{'schema':1,'nstree':'0.1.0','host':'h','kernel':'6.18','taken':'2026-11-22T05:50:11Z',"
    "'source':'procfs','complete':false,'namespaces':["
    "{'id':'4026531836','ns':4026531836,'parent':null,'level':0,'exact':true,'init':1,"
    "'members':20,'owner_uid':0,'user_ns':4026531837,'kind':null,'label':null},"
    "{'id':'500','ns':500,'parent':'4026531836','level':1,'exact':true,'init':20,'members':2,"
    "'owner_uid':1000,'user_ns':7},"
    "{'id':'600','ns':600,'parent':'500','level':2,'exact':false,'init':30,'members':1},"
    "{'id':'?40','ns':null,'parent':'500','level':2,'init':40,'members':1},"
    "{'id':'?41.1','ns':null,'parent':'4026531836','level':1,'init':null,'members':0}],"
    "'processes':["
    "{'pid':1,'ppid':0,'ns':'4026531836','nspid':[1],'name':'init','state':'S','uid':0,"
    "'exact':true},"
    "{'pid':2,'ppid':0,'ns':'4026531836','nspid':[2],'name':'kthreadd','state':'S','uid':0,"
    "'kthread':true},"
    "{'pid':9,'ppid':1,'ns':'4026531836','nspid':[9],'name':'caf?','name_hex':'636166e9',"
    "'args':'a b','state':'R','uid':1},"
    "{'pid':20,'ppid':1,'ns':'500','nspid':[20,1],'name':'A','state':'S'},"
    "{'pid':21,'ppid':1,'ns':'500','nspid':[21,5],'name':'','args':'?','args_hex':'ff20fe',"
    "'state':'Z','exact':false,'ambiguous':true,'entered':true,'leaderless':true},"
    "{'pid':30,'ppid':20,'ns':'600','nspid':[30,2,1],'name':'C','state':'S','uid':5},"
    "{'pid':40,'ppid':20,'ns':'?40','nspid':[40,3,1],'name':'D','state':'S','uid':5}"
    "]}\n";

/* `text` with its first `from` replaced by `to`, and ' by ". The caller owns the result. */
static char *edited(const char *text, const char *from, const char *to)
{
    const char *at = from ? strstr(text, from) : NULL;
    char *result;

    if (from && !at)
        fail_msg("the recording has no %s", from);
    int rc = at ? asprintf(&result, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from))
                : asprintf(&result, "%s", text);
    assert_true(rc >= 0);
    for (char *c = result; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    return result;
}

static int load_bytes(const char *text, size_t len, struct nstree **tree, struct nstree_error *err)
{
    int fd = memfd_create("recording", MFD_CLOEXEC);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, len), len);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    int rc = nstree_load(fd, tree, err);
    assert_int_equal(lseek(fd, 0, SEEK_CUR) >= 0, 1); /* it is not closed */
    close(fd);
    return rc;
}

static struct nstree *load_right(const char *from, const char *to)
{
    char *text = edited(right, from, to);
    struct nstree *tree = NULL;
    struct nstree_error err;

    if (load_bytes(text, strlen(text), &tree, &err) != 0)
        fail_msg("%s: %s", to ? to : "right", err.text);
    free(text);
    return tree;
}

static void a_right_one_is_loaded(void **state)
{
    struct nstree *tree = load_right(NULL, NULL);
    const struct nstree_info *info = nstree_info(tree);
    const struct nstree_ns *root = nstree_root(tree), *ns = nstree_find_ns(tree, 500);
    const struct nstree_process *cafe = nstree_find_process(tree, root, 9);
    const struct nstree_process *stray = nstree_find_process(tree, root, 21);

    (void)state;
    assert_string_equal(info->host, "h");
    assert_string_equal(info->kernel, "6.18");
    assert_int_equal(info->taken, 1795326611); /* date -ud '2026-11-22 05:50:11' +%s */
    assert_int_equal(info->source, NSTREE_SOURCE_RECORDING);
    assert_false(info->complete);
    assert_int_equal(root->total, 20);
    assert_int_equal(root->n_members, 3);
    assert_int_equal(root->user_ns, 4026531837);
    assert_int_equal(root->owner_uid, 0);
    assert_int_equal(ns->owner_uid, 1000);
    assert_int_equal(ns->user_ns, 7);
    assert_int_equal(ns[1].owner_uid, NSTREE_UID_UNKNOWN);
    assert_string_equal(cafe->name, "caf\xe9");
    assert_string_equal(cafe->args, "a b");
    assert_int_equal(cafe->state, 'R');
    assert_int_equal(cafe->uid, 1);
    assert_string_equal(stray->name, "");
    assert_string_equal(stray->args, "\xff \xfe");
    assert_int_equal(stray->flags, NSTREE_PROCESS_INFERRED | NSTREE_PROCESS_AMBIGUOUS |
                                       NSTREE_PROCESS_ENTERED | NSTREE_PROCESS_LEADERLESS);
    assert_int_equal(stray->uid, NSTREE_UID_UNKNOWN);
    assert_int_equal(nstree_find_process(tree, root, 2)->flags, NSTREE_PROCESS_KTHREAD);
    expect_shape("right", tree, "0:R(1 2 9) 1:500(20 21~~<) 2:600~(30) 2:?40(40) 1:?41.1()");
}

/* The schema grows by new members; unknown ones are skipped. */
static void accepts_variations(void **state)
{
    static const char *const rows[][2] = {
        {"'schema':1,", "'schema':1,'later':{'a':[1,2]},"},
        {"'label':null", "'label':'docker web','since':['cgroup']"},
        {"'name':'init',", "'name':'init','threads':5,"},
        {"'name':'init',", "'x':[{},[[1.5e3]],'\\u00e9'],'name':'init','x':{'pid':7},"},
        {"'name':'init',", "'n\\u0061me':'in\\u0069t',"},
        {"'nspid':[21,5]", "'nspid' : [ 21 , 5 ]"},
        {"'kind':null,", ""},
        {"'exact':true,'init':1,", "'init':1,"},
        {"'members':20,", ""},
        {"'members':20,", "'members':null,"},
        {"'owner_uid':0,", "'owner_uid':null,"},
        {"'user_ns':4026531837,", "'user_ns':null,"},
        {"'uid':0,", "'uid':null,"},
        {"'taken':'2026-11-22T05:50:11Z',", ""},
        {"'host':'h',", ""},
        {"'complete':false,", ""},
        {"'processes':[", "\n'processes'\t:\r\n [ "},
        {"},{'pid':2,", "}\n ,\t{'pid':2,"},
        {"]}\n", " ] ,'later':[{}] }"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        expect_shape(rows[i][1], load_right(rows[i][0], rows[i][1]),
                     "0:R(1 2 9) 1:500(20 21~~<) 2:600~(30) 2:?40(40) 1:?41.1()");
}

/* Other programs may write recordings like this. */
static void members_may_stand_in_any_order(void **state)
{
    const char *spaces = strstr(right, "'namespaces'"), *processes = strstr(right, "'processes'");
    const char *end = strstr(processes, "}\n");
    char *shuffled;
    struct nstree *tree = NULL;
    struct nstree_error err = {""};

    (void)state;
    assert_true(asprintf(&shuffled, "{%.*s,%.*s'host':'h','schema':1}", (int)(end - processes),
                         processes, (int)(processes - spaces), spaces) > 0);
    char *text = edited(shuffled, NULL, NULL);
    if (load_bytes(text, strlen(text), &tree, &err) != 0)
        fail_msg("%s", err.text);
    assert_string_equal(nstree_info(tree)->host, "h");
    expect_shape("shuffled", tree, "0:R(1 2 9) 1:500(20 21~~<) 2:600~(30) 2:?40(40) 1:?41.1()");
    free(text);
    free(shuffled);
}

#define NS_500 "'ns':500,'parent':'4026531836','level':1,'exact':true,'init':20"

static const struct {
    const char *row, *from, *to;
    const char *says[2]; /* the place and the cause */
} wrong[] = {
    {"not an object", right, "[1]", {"not a recording", "not an object"}},
    {"an object of something else", right, "{'a':1}", {"not a recording", "schema"}},
    {"not JSON", right, "hello", {"not JSON", "line 1"}},
    {"empty", right, "", {"not JSON", "line 1"}},
    {"not JSON in line 3", "'name':'init'", "\n\n'name'='init'", {"not JSON", "line 3"}},
    {"something behind it", "]}\n", "]}x", {"not JSON", "line"}},
    {"a member twice", "'name':'init'", "'name':'a','name':'b'", {"not JSON", "uplicate"}},
    {"a member of all twice", "'schema':1,", "'schema':1,'schema':1,", {"line 1", "uplicate"}},
    {"processes twice", "]}\n", "],'processes':[]}", {"line 1", "uplicate"}},
    {"no comma", "},{'pid':2,", "}{'pid':2,", {"not JSON", "',' or ']' expected"}},
    {"a comma behind the last process", "'uid':5}]}", "'uid':5},]}", {"not JSON", "line 1"}},
    {"a comma behind the last member", "]}\n", "],}", {"not JSON", "string expected"}},
    {"no comma between members", "'host'", "5'host'", {"not JSON", "string expected"}},
    {"nothing between members", "'source':'procfs',", "'source':'procfs'", {"not JSON", "or '}'"}},
    {"no colon", "'processes':", "'processes'", {"not JSON", "':' expected"}},
    {"line 4 among processes", "'pid':9,", "\n\n\n'pid' 9,", {"not JSON", "line 4"}},
    {"not UTF-8", "'init'", "'\xff'", {"not JSON", "decode"}},
    {"a NUL", "'init'", "'a\\u0000b'", {"not JSON", "line"}},
    {"schema missing", "'schema':1,", "", {"not a recording", "schema"}},
    {"schema a string", "'schema':1", "'schema':'1'", {"not a recording", "schema"}},
    {"schema 0", "'schema':1", "'schema':0", {"not a recording", "schema"}},
    {"schema a fraction", "'schema':1", "'schema':1.0", {"not a recording", "schema"}},
    {"selection a number", "'complete':false", "'selection':1", {"not a recording", "selection"}},
    {"complete a number", "'complete':false", "'complete':0", {"not a recording", "complete"}},
    {"host a number", "'host':'h'", "'host':5", {"not a recording", "host"}},
    {"kernel a list", "'kernel':'6.18'", "'kernel':[]", {"not a recording", "kernel"}},
    {"taken a number", "'taken':'2026-11-22T05:50:11Z'", "'taken':5", {"not a recording", "taken"}},
    {"namespaces missing", "'namespaces'", "'spaces'", {"not a recording", "namespaces"}},
    {"processes missing", "'processes'", "'tasks'", {"not a recording", "processes"}},
    {"processes an object", "]}\n", "],'processes':{}}", {"not", ""}},
    {"a namespace that is no object", "{'id':'500',", "5,{'id':'500',", {"namespace", "\"id\""}},
    {"a process that is no object", "{'pid':9,", "'x',{'pid':9,", {"process", "\"pid\""}},

    {"id missing", "'id':'600',", "", {"namespace number 3", "\"id\""}},
    {"id a number", "'id':'600'", "'id':600", {"namespace number 3", "\"id\""}},
    {"id empty", "'id':'600'", "'id':''", {"namespace number 3", "\"id\""}},
    {"id 0", "'id':'600'", "'id':'0'", {"namespace number 3", "\"id\""}},
    {"id negative", "'id':'600'", "'id':'-600'", {"namespace number 3", "\"id\""}},
    {"id too large", "'id':'600'", "'id':'4294967296'", {"namespace number 3", "\"id\""}},
    {"id with an escape", "'id':'600'", "'id':'\\u001b[2J'", {"namespace number 3", "\"id\""}},
    {"id ?", "'id':'?40'", "'id':'?'", {"namespace number 4", "\"id\""}},
    {"id ?x", "'id':'?40'", "'id':'?x'", {"namespace number 4", "\"id\""}},
    {"id ? too large", "'id':'?40'", "'id':'?4194304'", {"namespace number 4", "\"id\""}},
    {"id ?5.", "'id':'?41.1'", "'id':'?41.'", {"namespace number 5", "\"id\""}},
    {"id ?5.33", "'id':'?41.1'", "'id':'?41.33'", {"namespace number 5", "\"id\""}},
    {"id of another level", "'id':'?41.1'", "'id':'?41.2'", {"namespace ?41.2", "\"level\""}},
    {"ns another", "'ns':600", "'ns':601", {"namespace 600", "\"ns\""}},
    {"ns missing", "'ns':600,", "", {"namespace 600", "\"ns\""}},
    {"ns a string", "'ns':600", "'ns':'600'", {"namespace 600", "\"ns\""}},
    {"ns negative", "'ns':600", "'ns':-600", {"namespace 600", "\"ns\""}},
    {"ns where it is not known", "'?40','ns':null", "'?40','ns':40", {"namespace ?40", "\"ns\""}},
    {"parent a number", "'parent':'500'", "'parent':500", {"namespace 600", "\"parent\""}},
    {"parent no id", "'parent':'500'", "'parent':'x'", {"namespace 600", "\"parent\""}},
    {"parent not there", "'parent':'500'", "'parent':'501'", {"namespace 600", "parent"}},
    {"parent missing", "'parent':'500','level':2", "'level':2", {"namespace 600", "parent"}},
    {"the root has a parent",
     "'parent':null",
     "'parent':'500'",
     {"namespace 4026531836", "parent"}},
    {"its own parent", "'parent':'500'", "'parent':'600'", {"namespace 600", "level"}},
    {"two that are each other's parent",
     NS_500,
     "'ns':500,'parent':'600','level':1,'exact':true,'init':20",
     {"namespace 500", "level"}},
    {"a cycle beside the root",
     "{'id':'?41.1'",
     "{'id':'70','ns':70,'parent':'71','level':1},{'id':'71','ns':71,'parent':'70','level':2},"
     "{'id':'?41.1'",
     {"namespace 70", "level"}},
    {"level missing", "'level':2,'exact'", "'exact'", {"namespace 600", "\"level\""}},
    {"level a string", "'level':2", "'level':'2'", {"namespace 600", "\"level\""}},
    {"level negative", "'level':2", "'level':-1", {"namespace 600", "\"level\""}},
    {"level 33", "'level':2", "'level':33", {"namespace 600", "\"level\""}},
    {"level 3 below 1", "'level':2", "'level':3", {"namespace 600", "level"}},
    {"level 1 below 1", "'level':2", "'level':1", {"namespace 600", "level"}},
    {"level 0 with a parent", "'level':2", "'level':0", {"namespace 600", "level 0"}},
    {"two roots",
     "'parent':'500','level':2",
     "'parent':null,'level':0",
     {"namespace 600", "second"}},
    {"no root", "'parent':null,'level':0", "'parent':'500','level':2", {"not a recording", ""}},
    {"two of one id",
     "'id':'600','ns':600",
     "'id':'500','ns':500",
     {"namespace 500", "two namespaces have this id"}},
    {"two of one id, otherwise written",
     "'id':'600','ns':600",
     "'id':'0500','ns':500",
     {"namespace 0500", "two namespaces have this id"}},
    {"exact a number", "'exact':false,'init'", "'exact':0,'init'", {"namespace 600", "\"exact\""}},
    {"members a string", "'members':20", "'members':'20'", {"namespace 4026531836", "\"members\""}},
    {"members negative", "'members':20", "'members':-1", {"namespace 4026531836", "\"members\""}},
    {"members too few",
     "'members':20",
     "'members':2",
     {"namespace 4026531836", "fewer members than processes"}},
    {"zombies a string",
     "'members':20",
     "'members':20,'zombies':'1'",
     {"namespace 4026531836", "\"zombies\""}},
    {"more zombies than members",
     "'members':20",
     "'members':20,'zombies':21",
     {"namespace 4026531836", "\"zombies\""}},
    {"rss negative", "'members':20", "'members':20,'rss':-1", {"namespace", "\"rss\""}},
    {"rss too large",
     "'members':20",
     "'members':20,'rss':4611686018427387905",
     {"namespace 4026531836", "\"rss\""}},
    {"rss of a process too large",
     "{'pid':30,",
     "{'pid':30,'rss':1099511627777,",
     {"process 30", "\"rss\""}},
    {"start a string", "'members':20", "'members':20,'start':'1'", {"namespace", "\"start\""}},
    {"start with three decimals",
     "'members':20",
     "'members':20,'start':1.001",
     {"namespace 4026531836", "\"start\""}},
    {"cpu with an exponent", "'members':20", "'members':20,'cpu':1e3", {"namespace", "\"cpu\""}},
    {"threads true", "'members':20", "'members':20,'threads':true", {"namespace", "\"threads\""}},
    {"nsid 0", "'members':20", "'members':20,'nsid':0", {"namespace 4026531836", "\"nsid\""}},
    {"nsid no number", "'members':20", "'members':20,'nsid':'x'", {"namespace", "\"nsid\""}},
    {"nsid an empty string", "'members':20", "'members':20,'nsid':''", {"namespace", "\"nsid\""}},
    {"owner_uid a string",
     "'owner_uid':1000",
     "'owner_uid':'root'",
     {"namespace 500", "\"owner_uid\""}},
    {"user_ns too large", "'user_ns':7", "'user_ns':4294967296", {"namespace 500", "\"user_ns\""}},
    {"init another member", "'init':20", "'init':21", {"namespace 500", "\"init\""}},
    {"init not there", "'init':20", "'init':77", {"namespace 500", "\"init\""}},
    {"init null, but there", "'init':20", "'init':null", {"namespace 500", "\"init\""}},
    {"init where there is none", "'init':null", "'init':41", {"namespace ?41.1", "\"init\""}},
    {"init a string", "'init':20", "'init':'20'", {"namespace 500", "\"init\""}},

    {"pid missing", "{'pid':30,", "{", {"process number 6", "\"pid\""}},
    {"pid a string", "'pid':30", "'pid':'30'", {"process number 6", "\"pid\""}},
    {"pid 0", "'pid':30", "'pid':0", {"process number 6", "\"pid\""}},
    {"pid too large", "'pid':30", "'pid':4194304", {"process number 6", "\"pid\""}},
    {"pid a fraction", "'pid':30", "'pid':30.5", {"process number 6", "\"pid\""}},
    {"pid beyond 64 bits", "'pid':30", "'pid':99999999999999999999", {"not JSON", "big"}},
    {"ppid missing", "'pid':30,'ppid':20,", "'pid':30,", {"process 30", "\"ppid\""}},
    {"ppid negative", "'pid':30,'ppid':20", "'pid':30,'ppid':-1", {"process 30", "\"ppid\""}},
    {"ppid too large", "'pid':30,'ppid':20", "'pid':30,'ppid':4194304", {"process 30", "\"ppid\""}},
    {"its namespace not there",
     "'ns':'600'",
     "'ns':'601'",
     {"process 30", "its namespace is not there"}},
    {"its namespace a number", "'ns':'600'", "'ns':600", {"process 30", "\"ns\""}},
    {"its namespace null", "'ns':'600'", "'ns':null", {"process 30", "\"ns\""}},
    {"nspid missing", "'nspid':[30,2,1],", "", {"process 30", "\"nspid\""}},
    {"nspid too short", "[30,2,1]", "[30,1]", {"process 30", "level"}},
    {"nspid too long", "[30,2,1]", "[30,2,2,1]", {"process 30", "level"}},
    {"nspid empty", "[30,2,1]", "[]", {"process 30", "level"}},
    {"nspid of strings", "[30,2,1]", "[30,'2',1]", {"process 30", "\"nspid\""}},
    {"nspid with 0", "[30,2,1]", "[30,0,1]", {"process 30", "\"nspid\""}},
    {"nspid too large", "[30,2,1]", "[30,4194304,1]", {"process 30", "\"nspid\""}},
    {"nspid of another PID", "[30,2,1]", "[31,2,1]", {"process 30", "begin with its PID"}},
    {"name missing", ",'name':'C'", "", {"process 30", "\"name\""}},
    {"name a number", "'name':'C'", "'name':5", {"process 30", "\"name\""}},
    {"name of 64 bytes",
     "'name':'C'",
     "'name':'0123456789012345678901234567890123456789012345678901234567890123'",
     {"process 30", "\"name\""}},
    {"name_hex odd", "636166e9", "636166e", {"process 9", "\"name_hex\""}},
    {"name_hex no digits", "636166e9", "63616xe9", {"process 9", "\"name_hex\""}},
    {"name_hex with a NUL", "636166e9", "63006166", {"process 9", "\"name_hex\""}},
    {"name_hex a number", "'636166e9'", "636166", {"process 9", "\"name_hex\""}},
    {"args a list", "'args':'a b'", "'args':['a','b']", {"process 9", "\"args\""}},
    {"args_hex bad", "ff20fe", "ff2", {"process 21", "\"args_hex\""}},
    {"state missing", "'state':'R',", "", {"process 9", "\"state\""}},
    {"state empty", "'state':'R'", "'state':''", {"process 9", "\"state\""}},
    {"state an escape", "'state':'R'", "'state':'\\u001b'", {"process 9", "\"state\""}},
    {"state a number", "'state':'R'", "'state':5", {"process 9", "\"state\""}},
    {"uid negative", "'uid':1}", "'uid':-1}", {"process 9", "\"uid\""}},
    {"uid a string", "'uid':1}", "'uid':'root'}", {"process 9", "\"uid\""}},
    {"exact a string", "'uid':0,'exact':true", "'uid':0,'exact':'yes'", {"process 1", "\"exact\""}},
    {"ambiguous null", "'ambiguous':true", "'ambiguous':null", {"process 21", "\"ambiguous\""}},
    {"kthread a number", "'kthread':true", "'kthread':1", {"process 2", "\"kthread\""}},
    {"entered a number", "'entered':true", "'entered':1", {"process 21", "\"entered\""}},
    {"leaderless a string",
     "'leaderless':true",
     "'leaderless':'a'",
     {"process 21", "\"leaderless\""}},
    {"a PID twice",
     "{'pid':9,",
     "{'pid':1,'ppid':0,'ns':'4026531836','nspid':[1],'name':'init','state':'S'},{'pid':9,",
     {"process", "twice"}},
    {"a PID twice, in two namespaces",
     "{'pid':21,'ppid':1,'ns':'500','nspid':[21,5]",
     "{'pid':9,'ppid':1,'ns':'500','nspid':[9,5]",
     {"process", "twice"}},
    {"a namespace's ambiguous a number",
     "'exact':false,'init':30",
     "'exact':false,'ambiguous':1,'init':30",
     {"namespace 600", "\"ambiguous\""}},
    {"a namespace, ambiguous but exact",
     "'exact':false,'init':30",
     "'exact':true,'ambiguous':true,'init':30",
     {"namespace 600", "\"ambiguous\""}},
    {"ambiguous, but exact",
     "'exact':false,'ambiguous'",
     "'exact':true,'ambiguous'",
     {"process 21", "\"ambiguous\""}},
};

static void wrong_ones_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct nstree *const untouched = (struct nstree *)&wrong[i].row, *tree = untouched;
        char *text = edited(right, wrong[i].from, wrong[i].to);
        struct nstree_error err = {"nothing said"};
        int rc = load_bytes(text, strlen(text), &tree, &err);

        if (rc == 0) {
            nstree_free(tree);
            print_error("%s: loaded\n", wrong[i].row);
        } else if (rc != -EBADMSG || tree != untouched || !strstr(err.text, wrong[i].says[0]) ||
                   !strstr(err.text, wrong[i].says[1]) || strpbrk(err.text, "\n\033")) {
            print_error("%s: %d: %s\n", wrong[i].row, rc, err.text);
        } else {
            free(text);
            continue;
        }
        free(text);
        *(size_t *)*state += 1;
    }
    assert_int_equal(*(size_t *)*state, 0);
}

static int count_setup(void **state)
{
    static size_t count;

    count = 0;
    *state = &count;
    return 0;
}

static void a_newer_schema_is_not_a_wrong_one(void **state)
{
    static const char *const schemas[] = {"'schema':2", "'schema':4611686018427387904"};

    (void)state;
    for (size_t i = 0; i < COUNT(schemas); i++) {
        char *text = edited(right, "'schema':1", schemas[i]);
        struct nstree *tree = NULL;
        struct nstree_error err;

        ROW_INT(schemas[i], load_bytes(text, strlen(text), &tree, &err), -EOPNOTSUPP);
        ROW_HAS(schemas[i], err.text, "schema");
        ROW_HAS(schemas[i], err.text, strchr(schemas[i], ':') + 1);
        ROW_HAS(schemas[i], err.text, "newer");
        ROW_INT(schemas[i], tree == NULL, 1);
        free(text);
    }
}

/* Cut anywhere, it is no JSON. (Without the last newline it is still whole.) */
static void a_truncated_one_is_refused(void **state)
{
    char *text = edited(right, NULL, NULL);

    (void)state;
    for (size_t cut = 0; cut < strlen(text) - 1; cut++) {
        struct nstree *tree = NULL;
        struct nstree_error err;
        int rc = load_bytes(text, cut, &tree, &err);

        if (rc != -EBADMSG || !strstr(err.text, "not JSON"))
            fail_msg("cut at %zu: %d: %s", cut, rc, err.text);
    }
    free(text);
}

/* With any single byte broken: a tree or a refusal. */
static void a_damaged_one_does_no_harm(void **state)
{
    char *text = edited(right, NULL, NULL);
    size_t len = strlen(text);

    (void)state;
    for (size_t i = 0; i < len; i++) {
        static const char bytes[] = {'0', '9', '"', '[', '}', '-', '\0', '\xff'};
        char kept = text[i];

        for (size_t b = 0; b < COUNT(bytes); b++) {
            struct nstree *tree = NULL;
            struct nstree_error err;

            text[i] = bytes[b];
            int rc = load_bytes(text, len, &tree, &err);
            if (rc == 0) {
                check_tree("damaged", tree);
                nstree_free(tree);
            } else if (rc != -EBADMSG && rc != -EOPNOTSUPP) {
                fail_msg("byte %zu as %02x: %d", i, (unsigned char)bytes[b], rc);
            }
        }
        text[i] = kept;
    }
    free(text);
}

static void a_pipe_is_read_to_its_end(void **state)
{
    char *text = edited(right, NULL, NULL);
    size_t len = strlen(text);
    struct nstree *tree = NULL;
    struct nstree_error err;
    int fds[2];

    (void)state;
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(write(fds[1], text, len), len); /* a pipe holds 64 kB */
    close(fds[1]);
    assert_int_equal(nstree_load(fds[0], &tree, &err), 0);
    assert_int_equal(nstree_root(tree)->n_inside, 7);
    close(fds[0]);
    nstree_free(tree);
    free(text);
}

static void unreadable_files_are_refused(void **state)
{
    struct nstree *tree = NULL;
    struct nstree_error err = {""};
    int directory = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    (void)state;
    assert_int_equal(nstree_load(-1, &tree, &err), -EIO);
    assert_string_not_equal(err.text, "");
    assert_int_equal(nstree_load(directory, &tree, &err), -EIO);
    ROW_HAS("directory", err.text, "directory");
    assert_int_equal(nstree_load(-1, &tree, NULL), -EIO); /* without a message */
    assert_null(tree);
    close(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_right_one_is_loaded),
        cmocka_unit_test(accepts_variations),
        cmocka_unit_test(members_may_stand_in_any_order),
        cmocka_unit_test_setup(wrong_ones_are_refused, count_setup),
        cmocka_unit_test(a_newer_schema_is_not_a_wrong_one),
        cmocka_unit_test(a_truncated_one_is_refused),
        cmocka_unit_test(a_damaged_one_does_no_harm),
        cmocka_unit_test(a_pipe_is_read_to_its_end),
        cmocka_unit_test(unreadable_files_are_refused),
    };

    return cmocka_run_group_tests_name("load", tests, NULL, NULL);
}
