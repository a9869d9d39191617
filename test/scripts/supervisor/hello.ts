process.stdout.write(`${JSON.stringify({ hello: process.pid })}\n`);
setInterval(() => undefined, 60_000);
