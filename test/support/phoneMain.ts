/** The phone as a program, for a network namespace: its task is its argument, JSON, and it prints its report. */
import { callHome, PhoneTask } from "./phone.ts";

const [, , task = ""] = process.argv;
console.log(JSON.stringify(await callHome(PhoneTask.parse(JSON.parse(task)))));
