// The vendors' own SDKs for Node through llmc's TCP door, at LLMC_ADDRESS, which opens to LLMC_TOKEN.
import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
import { ApiError, GoogleGenAI } from "@google/genai";
import OpenAI from "openai";

const { LLMC_ADDRESS: address, LLMC_TOKEN: token } = process.env;
const openai = new OpenAI({ baseURL: `${address}/openai/v1`, apiKey: token });
const geminiWith = (apiKey) => new GoogleGenAI({ apiKey, httpOptions: { baseUrl: `${address}/gemini` } });
const gemini = geminiWith(token).models;
const anthropic = new Anthropic({ baseURL: `${address}/anthropic`, apiKey: token });

const chat = (text) => ({ model: "small", messages: [{ role: "user", content: text }] });
const messages = (text) => ({ ...chat(text), max_tokens: 64 });
const contents = (text) => ({ model: "small", contents: text });
const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };

const isMissThenHit = (first, second) => {
  assert.match(first, /fwd=uri-miss/);
  assert.match(second, /^llmc; hit/);
};

/** Asks twice: a miss, then a hit with the same bytes. */
async function twice(ask) {
  const [first, second] = [await ask(), await ask()];
  isMissThenHit(first.headers.get("cache-status"), second.headers.get("cache-status"));
  const bytes = await first.text();
  assert.equal(bytes, await second.text());
  return JSON.parse(bytes);
}

const all = async (stream) => {
  const events = [];
  for await (const event of stream) events.push(event);
  return events;
};

/** What Gemini's SDK was told beside an answer, and the answer without it. */
const told = ({ sdkHttpResponse, ...answer }) => [sdkHttpResponse.headers["cache-status"], answer];

/** Asks Gemini twice for a stream: a miss, then a hit with the same events, which are given. */
async function streamedTwice(asked) {
  const ask = async () => (await all(await gemini.generateContentStream(asked))).map(told);
  const [first, second] = [await ask(), await ask()];
  isMissThenHit(first[0][0], second[0][0]);
  const [events, again] = [first, second].map((run) => run.map(([, answer]) => answer));
  assert.deepEqual(events, again);
  return events;
}

const parts = (events) => events.flatMap((event) => event.candidates[0].content.parts);

const cases = {
  async "openai plain"() {
    const answer = await twice(() => openai.chat.completions.create(chat("node")).asResponse());
    assert.equal(answer.choices[0].message.content, "You said: node");
  },
  async "openai streamed"() {
    const ask = async () => all(await openai.chat.completions.create({ ...chat("node streamed"), stream: true }));
    const [first, second] = [await ask(), await ask()];
    assert.deepEqual(first, second);
    assert.equal(first.map((chunk) => chunk.choices[0].delta.content ?? "").join(""), "You said: node streamed ");
    const plain = await openai.chat.completions.create(chat("node streamed"));
    assert.equal(plain.choices[0].message.content, "You said: node streamed ");
  },
  async "openai tools"() {
    const tools = [{ type: "function", function: { name: "weather", parameters } }];
    for (let run = 0; run < 2; run++) {
      const stream = openai.chat.completions.stream({ ...chat("node tools"), tools });
      const whole = await stream.finalChatCompletion();
      assert.equal(JSON.parse(whole.choices[0].message.tool_calls[0].function.arguments).city, "Oslo");
    }
  },
  async "openai errors"() {
    const refused = await openai.chat.completions.create(chat("no such model")).catch((error) => error);
    assert.ok(refused instanceof OpenAI.NotFoundError, String(refused));
    assert.equal(refused.error.message, "no such model");
    const stranger = new OpenAI({ baseURL: `${address}/openai/v1`, apiKey: "sk-wrong" });
    const locked = await stranger.chat.completions.create(chat("node")).catch((error) => error);
    assert.ok(locked instanceof OpenAI.AuthenticationError, String(locked));
  },
  async "openai passed through"() {
    const models = await all(await openai.models.list());
    assert.deepEqual(models.map((model) => model.id), ["small"]);
  },
  async "anthropic plain"() {
    const answer = await twice(() => anthropic.messages.create(messages("node")).asResponse());
    assert.equal(answer.content[0].text, "You said: node");
  },
  async "anthropic streamed"() {
    const ask = async () => await anthropic.messages.stream(messages("node streamed")).finalMessage();
    const [first, second] = [await ask(), await ask()];
    assert.deepEqual(first.content, second.content);
    assert.equal(first.content[0].text, "You said: node streamed ");
    const plain = await anthropic.messages.create(messages("node streamed"));
    assert.equal(plain.content[0].text, "You said: node streamed ");
  },
  async "anthropic tools"() {
    const tools = [{ name: "weather", input_schema: parameters }];
    for (let run = 0; run < 2; run++) {
      const whole = await anthropic.messages.stream({ ...messages("node tools"), tools }).finalMessage();
      assert.deepEqual(whole.content[0].input, { city: "Oslo" });
    }
  },
  async "anthropic errors"() {
    const refused = await anthropic.messages.create(messages("no such model")).catch((error) => error);
    assert.ok(refused instanceof Anthropic.NotFoundError, String(refused));
  },
  async "gemini plain"() {
    const ask = async () => await gemini.generateContent(contents("node"));
    const [first, second] = [await ask(), await ask()];
    const [[miss, answer], [hit, again]] = [told(first), told(second)];
    isMissThenHit(miss, hit);
    assert.deepEqual(answer, again);
    assert.equal(second.text, "You said: node");
    assert.equal(second.usageMetadata.totalTokenCount, 12);
  },
  async "gemini streamed"() {
    const events = await streamedTwice(contents("node streamed"));
    assert.equal(events.length, 4);
    assert.equal(parts(events).map((part) => part.text).join(""), "You said: node streamed ");
    const plain = await gemini.generateContent(contents("node streamed"));
    assert.match(told(plain)[0], /^llmc; hit/);
    assert.equal(plain.text, "You said: node streamed ");
  },
  async "gemini plain told as a stream"() {
    await gemini.generateContent(contents("node replayed"));
    const events = await all(await gemini.generateContentStream(contents("node replayed")));
    assert.match(told(events[0])[0], /^llmc; hit/);
    assert.equal(parts(events).map((part) => part.text ?? "").join(""), "You said: node replayed");
  },
  async "gemini tools"() {
    const tools = [{ functionDeclarations: [{ name: "weather", parametersJsonSchema: parameters }] }];
    const events = await streamedTwice({ ...contents("node tools"), config: { tools } });
    assert.deepEqual(parts(events).map((part) => part.functionCall.args), [{ city: "Oslo" }]);
  },
  async "gemini errors"() {
    const refused = await gemini.generateContent(contents("no such model")).catch((error) => error);
    assert.ok(refused instanceof ApiError, String(refused));
    assert.equal(refused.status, 404);
    assert.equal(JSON.parse(refused.message).error.message, "no such model");
    const locked = await geminiWith("wrong").models.generateContent(contents("node")).catch((error) => error);
    assert.ok(locked instanceof ApiError, String(locked));
    assert.equal(locked.status, 401);
  },
};

let failed = 0;
for (const [name, run] of Object.entries(cases)) {
  try {
    await run();
    console.log(`ok      node: ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAILED  node: ${name}: ${error.stack}`);
  }
}
process.exit(failed ? 1 : 0);
