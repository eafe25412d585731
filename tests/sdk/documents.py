"""Every block of the README and of `docs/`, run as a reader would run it: page by page, each in a home of its own, with the
real program and a provider of the tests' own. Settings that are shown are put in force, files that name themselves in their
first line are written, workflows of CI are run step by step, output that is shown is compared by its shape. A block that is
neither run nor listed below fails, and so does an entry of the list that fits no block."""

import contextlib
import json
import os
import pty
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import tomli
import yaml
from provider import Provider

# Longest time a block may take.
LIMIT = 120

# What is not run: a page, what stands in the block, and the reason.
NOT_RUN = [
    ("README.md", "./install.sh --try", "it builds a release, and is the very test: tests/install.sh, tests/run.sh"),
    ("docs/teams.md", 'backend = "redis"', "the server is somebody else's; the fleet's tests have one"),
]

# What is run where a program is there, and else counted as skipped.
NEEDS = [
    ("docs/recipes.md", '"$TEAM_REDIS_URL"', "redis-server"),
    ("docs/recipes.md", "npx vitest", "npx"),
    ("docs/programs.md", "npm test", "npm"),
]

# What ends only when a person ends it; it is given a terminal, and Ctrl-C once it has shown something.
ENDLESS = ["stats --watch", "dashboard", "dashboard --no-open", "daemon logs -f"]

SETTINGS = """
default_model = "local/smollm2"
[rate_limit]
llm = 100000
standard = 100000
expensive = 100000
[retry]
max_attempts = 1
[providers.local]
kind = "openai"
base_url = "{address}/v1"
models = ["smollm2"]
price = {{ input = 0.15, output = 0.6 }}
[providers.openai]
kind = "openai"
base_url = "{address}/v1"
[providers.anthropic]
kind = "anthropic"
base_url = "{address}"
[providers.gemini]
kind = "gemini"
base_url = "{address}"
[providers.ollama]
kind = "openai"
base_url = "{address}/v1"
models = ["llama3.2"]
[prices]
"openai/gpt-4o-mini" = {{ input = 0.15, output = 0.6 }}
"openai/gpt-4o" = {{ input = 2.5, output = 10.0 }}
"""

# What the pages take for granted to be in the folder of a reader.
FILES = {
    "notes.txt": "The ferry leaves at nine.\n",
    "cities.txt": "Oslo\nLima\n",
    "prompts.jsonl": '{"id": "a", "prompt": "Name a river"}\n{"id": "b", "prompt": "Name a lake"}\n',
    "prompts.txt": "Name a river\nName a lake\n",
    "towns.csv": "town,country\nOslo,Norway\nLima,Peru\n",
    "prompt.txt": "What is {{ town }} known for?",
    "evaluate.sh": "#!/bin/sh\nfor _ in 1 2 3 4 5 6; do llmc generate --no-stdin 'Is it any good?'; done\n",
    "evaluate.py": "import openai\n\nquestion = [{'role': 'user', 'content': 'Is it good?'}]\n"
    "openai.OpenAI().chat.completions.create(model='small', messages=question)\n",
    "package.json": '{"private": true, "scripts": {"test": "./evaluate.sh"}}\n',
    "requirements.txt": "openai\npytest\n",
}

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63646060f80f0001070101c0eeb3b3"
    "920000000049454e44ae426082"
)


class Block:
    """A fenced block, and the line of the page that its text begins in."""

    def __init__(self, page, line, language):
        self.page, self.line, self.language, self.text = page, line, language, ""

    @property
    def place(self):
        return f"{self.page}:{self.line}"

    @property
    def file(self):
        """The file it is, where its first line says so."""
        named = re.match(r"(?:#|//) ([\w./-]+\.(?:toml|py|mjs|yml))\n", self.text)
        return named and named[1]

    def line_of(self, part):
        return self.line + self.text[: self.text.find(part)].count("\n")

    def is_named_by(self, entry):
        return self.page == entry[0] and entry[1] in self.text


def blocks(root, page):
    found, block = [], None
    for number, line in enumerate((root / page).read_text().splitlines(), 1):
        if block is None and line.startswith("```"):
            block = Block(page, number + 1, line[3:])
        elif block is not None and line == "```":
            found.append(block)
            block = None
        elif block is not None:
            block.text += line + "\n"
    assert block is None, f"{block.place}: the block has no end"
    return found


class Failure(Exception):
    """Where, and what is wrong there."""


class Tools:
    """The program under test, and what it is tried with."""

    def __init__(self, llmc, root, modules):
        self.llmc, self.root = llmc, Path(root)
        self.modules = Path(modules) if modules else None
        self.provider = Provider()

    def has(self, program):
        return shutil.which(program) is not None and (self.modules is not None or program not in ("npm", "npx"))


class Home:
    """A reader's home, folder and programs, with nothing in them of whoever runs the tests."""

    def __init__(self, tools, folder, files):
        self.tools, self.folder = tools, folder
        self.home, self.work, self.programs = folder / "home", folder / "work", folder / "programs"
        for place in (self.home / ".config/llmc", self.work / "tests", self.programs):
            place.mkdir(parents=True)
        (folder / "run").mkdir(mode=0o700)
        (self.home / ".config/llmc/config.toml").write_text(SETTINGS.format(address=tools.provider.address))
        for name, text in (FILES | files).items():
            (self.work / name).parent.mkdir(parents=True, exist_ok=True)
            (self.work / name).write_text(text)
        (self.work / "chart.png").write_bytes(PIXEL)
        (self.work / "evaluate.sh").chmod(0o755)
        if tools.modules:
            (self.work / "node_modules").symlink_to(tools.modules / "node_modules")
        self.environment = {
            "PATH": os.pathsep.join([str(self.programs), str(Path(sys.executable).parent), os.environ["PATH"]]),
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(folder / "run"),
            "TERM": "xterm",
            "LANG": "C.UTF-8",
            "OPENAI_API_KEY": "sk-fake",
            "ANTHROPIC_API_KEY": "sk-fake",
            "GEMINI_API_KEY": "fake",
            "BUILD_ID": "build-7",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PIP_NO_INDEX": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }
        for name in ("systemctl", "xdg-open"):
            self.program(name, "exit 0")
        self.program("pass", "echo sk-fake")
        for name in ("pytest", "pip"):
            # The scripts beside this Python name the folder it was made in, which has another name now.
            self.program(name, f"exec '{sys.executable}' -m {name} \"$@\"")
        self.run(
            "git init -q && git add notes.txt && git -c user.name=x -c user.email=x@x commit -qm x && echo >>notes.txt"
        )

    def program(self, name, script):
        path = self.programs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def install(self):
        """Puts llmc on the path, with a terminal and a Ctrl-C for the commands that would never end."""
        cases = " | ".join(f"'{words}'" for words in ENDLESS)
        endless = f"exec '{sys.executable}' '{__file__}' --endless '{self.tools.llmc}' \"$@\""
        self.program("llmc", f'case "$*" in {cases}) {endless} ;; esac\nexec \'{self.tools.llmc}\' "$@"')

    def run(self, script, page="the test", line=1, flags="-Eeuo pipefail", **more):
        """Runs a script in bash and gives what it prints. It must end well; if not, the line is told in which it did not."""
        trap = f"trap 'echo \"{page}:$((LINENO + {line - 2})): this failed\" >&2' ERR; set {flags}\n"
        (self.folder / "script").write_text(trap + script)
        # Into files: whether a daemon holds its caller's pipes open is another test's concern.
        with open(self.folder / "out", "w+b") as out, open(self.folder / "err", "w+b") as err:
            command, environment = ["bash", str(self.folder / "script")], self.environment | more
            try:
                code = subprocess.run(
                    command,
                    cwd=self.work,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=err,
                    timeout=LIMIT,
                ).returncode
            except subprocess.TimeoutExpired:
                code = f"nothing after {LIMIT} s"
            out.seek(0)
            err.seek(0)
            printed, said = out.read().decode(), err.read().decode()
        if code != 0:
            raise Failure(f"{page}:{line}: ended with {code}\n{script}\nout: {printed[-2000:]}\nerr: {said[-4000:]}")
        return printed + said

    def end(self):
        subprocess.run([self.tools.llmc, "daemon", "stop"], env=self.environment, capture_output=True)


@contextlib.contextmanager
def home(tools, files):
    with tempfile.TemporaryDirectory(prefix="llmc") as folder:
        home = Home(tools, Path(folder), files)
        try:
            yield home
        finally:
            home.end()


@contextlib.contextmanager
def redis(tools, home):
    """A server of the team's, where there is the program."""
    if not tools.has("redis-server"):
        yield
        return
    at = home.folder / "redis.sock"
    server = subprocess.Popen(
        ["redis-server", "--port", "0", "--unixsocket", at, "--save", "", "--maxmemory-policy", "volatile-lru"],
        stdout=subprocess.DEVNULL,
    )
    home.environment["TEAM_REDIS_URL"] = f"unix://{at}"
    try:
        yield
    finally:
        server.terminate()
        server.wait()


# ---- settings and output ---------------------------------------------------------------------------------------------


def leaves(table, path=()):
    """Every value of a file of settings, with its name and as `llmc config set` takes it."""
    for name, value in table.items():
        quoted = (*path, name if re.fullmatch(r"[\w-]+", name) else json.dumps(name))
        is_price = name == "price" or path == ("prices",)
        if isinstance(value, dict) and not is_price:
            yield from leaves(value, quoted)
        elif isinstance(value, dict):
            yield ".".join(quoted), "{ " + ", ".join(f"{name} = {price}" for name, price in value.items()) + " }"
        else:
            yield ".".join(quoted), value if isinstance(value, str) else json.dumps(value)


def put_in_force(home, block):
    for name, value in leaves(tomli.loads(block.text)):
        ran = subprocess.run(
            [home.tools.llmc, "config", "set", name, value], env=home.environment, capture_output=True, text=True
        )
        if ran.returncode != 0:
            raise Failure(f"{block.place}: `{name}` cannot be set to `{value}`: {ran.stderr}")


def shape(output):
    """What stays when the figures, and how wide they are, are taken away."""
    output = re.sub(r"\d{4}-\d\d-\d\dT[\d:]+Z", "TIME", output)
    output = re.sub(r"\d[\d.,]*( ?(ms|s|m|h|B|KiB|MiB)\b)?", "0", output)
    output = output.replace("The sea is salty because rivers carry salt into it.", SEA)
    return [" ".join(line.split()) for line in output.strip().splitlines()]


SEA = (
    "The sea is salty because it contains a high concentration of salt, which is a mineral that is essential for the survival of "
    "most marine life."
)


def compare(home, block):
    """Types each command of a block that shows a terminal, and compares what it prints with what is shown."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, shown = part.split("\n", 1)
        line = block.line_of(part)
        printed = home.run(command, block.page, line)
        if shape(printed) != shape(shown):
            raise Failure(f"{block.page}:{line}: shown is\n{shown}\nand printed\n{printed}")


# ---- CI --------------------------------------------------------------------------------------------------------------


def run_on_github(tools, block, files):
    """The steps of each job, for a push and for a pull request. A pull request has the kept files of the push and calls nobody."""
    jobs, kept = yaml.safe_load(block.text)["jobs"], {}
    top = yaml.safe_load(block.text).get("env", {})
    for event in ("push", "pull_request"):
        facts = {"github.event_name": event, "github.run_id": f"run-{event}", "secrets.OPENAI_API_KEY": "sk-fake"}
        before = len(tools.provider.calls)
        with home(tools, files) as runner:
            del runner.environment["OPENAI_API_KEY"]
            (runner.folder / "path").touch()
            (runner.folder / "summary").touch()
            places = {"GITHUB_PATH": str(runner.folder / "path"), "GITHUB_STEP_SUMMARY": str(runner.folder / "summary")}
            runner.environment |= {"CI": "true"} | places
            for step in (step for job in jobs.values() for step in job["steps"]):
                if holds(step.get("if"), facts):
                    run_step(runner, block, step, top | step.get("env", {}), facts, kept)
                added = (runner.folder / "path").read_text().split()
                runner.environment["PATH"] = os.pathsep.join([*added, runner.environment["PATH"]])
            if "| hits |" not in (runner.folder / "summary").read_text():
                raise Failure(
                    f"{block.place}: the summary of a {event} says: {(runner.folder / 'summary').read_text()}"
                )
        if event == "pull_request" and len(tools.provider.calls) != before:
            raise Failure(f"{block.place}: a pull request called the provider")


def run_step(runner, block, step, environment, facts, kept):
    """One step. Of other people's actions it does what they do to the files."""
    environment = {name: filled(value, facts) for name, value in environment.items()}
    uses, given = step.get("uses", "").split("@")[0], step.get("with", {})
    if "run" in step:
        command = step["run"]
        runner.run(filled(command, facts), block.page, block.line_of(command.split("\n")[0]), "-Ee", **environment)
    elif uses == "actions/checkout":
        if "path" in given:
            check_out(runner, given["path"])
    elif uses == "actions/cache/save":
        kept[given["path"]] = (runner.work / given["path"]).read_bytes()
    elif uses == "actions/cache/restore":
        for path, content in kept.items():
            (runner.work / path).write_bytes(content)
    else:
        raise Failure(f"{block.place}: nobody here knows what `{uses}` does")


def check_out(runner, path):
    """llmc's own sources, whose installer is tried elsewhere: here it installs what is built already."""
    script = f"mkdir -p ~/.local/bin && ln -s '{runner.tools.llmc}' ~/.local/bin/llmc"
    runner.program(runner.work / path / "install.sh", script)


def filled(text, facts):
    return re.sub(r"\$\{\{ ([\w.]+) \}\}", lambda found: facts[found[1]], str(text))


def holds(condition, facts):
    if condition in (None, "always()"):
        return True
    name, wanted = re.fullmatch(r"([\w.]+) == '(\w+)'", condition).groups()
    return facts[name] == wanted


def run_on_gitlab(tools, block, files):
    """The jobs whose rules hold, for the main branch and for a merge request, which has the kept files and calls nobody."""
    document, kept = yaml.safe_load(block.text), {}
    events = [
        {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "main", "CI_DEFAULT_BRANCH": "main", "CI_PIPELINE_ID": "7"},
        {"CI_PIPELINE_SOURCE": "merge_request_event", "CI_DEFAULT_BRANCH": "main", "CI_PIPELINE_ID": "8"},
    ]
    jobs = {name: job for name, job in document.items() if "script" in job}
    ran = []
    for event in events:
        for name, job in jobs.items():
            before = len(tools.provider.calls)
            with home(tools, files) as runner:
                runner.install()
                runner.environment |= event | {"CI": "true"}
                variables = {name: event.get(value[1:], value) for name, value in document["variables"].items()}
                if not all(is_true(runner, rule["if"]) for rule in job["rules"]):
                    continue
                if name != "record":
                    del runner.environment["OPENAI_API_KEY"]
                for path, content in kept.items():
                    (runner.work / path).write_bytes(content)
                for command in [*document["default"]["before_script"], *job["script"]]:
                    runner.run(command, block.page, block.line_of(command), **variables)
                if job["cache"]["policy"] == "pull-push":
                    kept = {path: (runner.work / path).read_bytes() for path in job["cache"]["paths"]}
                for path in job.get("artifacts", {}).get("paths", []):
                    assert (runner.work / path).read_text(), f"{block.place}: `{path}` is empty"
            if event["CI_PIPELINE_SOURCE"] != "push" and len(tools.provider.calls) != before:
                raise Failure(f"{block.place}: a merge request called the provider")
            ran.append(name)
    if ran != list(jobs):
        raise Failure(f"{block.place}: of the jobs only these ran, in this order: {ran}")


def is_true(runner, condition):
    command = ["bash", "-c", f"[[ {condition} ]]"]
    return subprocess.run(command, env=runner.environment).returncode == 0


# ---- pages -----------------------------------------------------------------------------------------------------------


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def made_local(text, home):
    """What a page says of a reader's own surroundings, said of those of the test."""
    provider = home.tools.provider.address
    for shown, real in {
        "127.0.0.1:4180": f"127.0.0.1:{home.port}",
        "http://127.0.0.1:11434": provider,
        "http://127.0.0.1:8080": provider,
        "https://llm.example.com": provider,
        "=\u2026": "=sk-fake",
        "85340e": home.key[:6],
    }.items():
        text = text.replace(shown, real)
    return text


def try_block(tools, reader, block, files):
    """Does with a block what a reader would; what was done, in a word."""
    if any(block.is_named_by(entry) for entry in NOT_RUN):
        return "listed"
    if any(block.is_named_by(entry) and not tools.has(entry[2]) for entry in NEEDS):
        return "skipped"
    block.text = made_local(block.text, reader)
    match block.language:
        case "sh" | "bash":
            reader.run(block.text, block.page, block.line)
        case "console":
            compare(reader, block)
        case "yaml" if ".github" in block.file:
            run_on_github(tools, block, files)
        case "yaml":
            run_on_gitlab(tools, block, files)
        case "toml" if not block.file:
            put_in_force(reader, block)
        case "toml" | "python" | "js" if block.file:
            return "written"
        case _:
            raise Failure(f"{block.place}: a block of `{block.language}` is neither run nor listed")
    return "run"


def try_page(tools, page, blocks, files):
    """The blocks in their order, in one home. Told are the failures, and how many blocks were skipped."""
    done, failed = {}, []
    with home(tools, files) as reader:
        reader.install()
        reader.port, reader.key = free_port(), ""
        if page != "README.md":
            # Whoever reads on has asked something already.
            reader.run("llmc generate 'Name a sea'")
            reader.key = reader.run("llmc cache key 'Name a sea'")
        with redis(tools, reader):
            for block in blocks:
                try:
                    how = try_block(tools, reader, block, files)
                except Failure as failure:
                    failed.append(str(failure))
                    how = "FAILED"
                done[how] = done.get(how, 0) + 1
            reader.end()
    print(f"{page}: " + ", ".join(f"{count} {how}" for how, count in sorted(done.items())))
    return failed, done.get("skipped", 0)


def end_when_shown(command):
    """Runs a command on a terminal of its own and types Ctrl-C once it has shown something."""
    child, terminal = pty.fork()
    if child == 0:
        os.execv(command[0], command)
    shown = os.read(terminal, 4096)
    os.write(terminal, b"\x03")
    with contextlib.suppress(OSError):
        while more := os.read(terminal, 4096):
            shown += more
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    sys.stdout.write(shown.decode(errors="replace"))
    # Ended by itself after Ctrl-C, or ended by it.
    sys.exit(0 if ended in (0, 130, -2) else ended)


def main(llmc, root, modules, *wanted):
    tools = Tools(llmc, root, modules)
    pages = ["README.md", *sorted(str(path.relative_to(root)) for path in Path(root, "docs").glob("*.md"))]
    found = {page: blocks(tools.root, page) for page in pages}
    files = {block.file: block.text for page in found.values() for block in page if block.file}
    failed = []
    for entry in NOT_RUN + NEEDS:
        if not any(block.is_named_by(entry) for page in found.values() for block in page):
            failed.append(f"the list names a block of {entry[0]} that is not there: `{entry[1]}`")
    skipped = 0
    for page in wanted or pages:
        wrong, left = try_page(tools, page, found[page], files)
        failed += wrong
        skipped += left
    print(*failed, sep="\n\n")
    if failed:
        sys.exit(1)
    for page, part, why in NOT_RUN:
        print(f"not run: `{part}` of {page}: {why}")
    if skipped:
        missing = sorted({program for _, _, program in NEEDS if not tools.has(program)})
        print(f"skip: without {', '.join(missing)}, {skipped} blocks were NOT run; the others passed")
        sys.exit(77)


if __name__ == "__main__":
    if sys.argv[1] == "--endless":
        end_when_shown(sys.argv[2:])
    main(*sys.argv[1:])
