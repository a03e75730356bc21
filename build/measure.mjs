// Measures the functions' executables over a Lambda Runtime API of its own: time to the first poll and to the first answer, and memory.
// With --rehearse also the example's rehearsal with each of them and in process.
// usage: node build/measure.mjs [--rounds N] [--rehearse]    after build/native.sh and `dotnet build cli`
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const rounds = process.argv.includes('--rounds') ? Number(process.argv[process.argv.indexOf('--rounds') + 1]) : 15;
const built = join(root, 'artifacts/bin');
const hosts = [
  ['native', join(root, 'artifacts/native/deployer-functions')],
  ['compiled ahead', join(built, 'Deployer.Cli/debug/functions/deployer-functions')],
  ['JIT', join(built, 'Deployer.Functions/debug/deployer-functions')],
].filter(([name, file]) => existsSync(file) || console.error(`skipped: ${name}, as there is no ${file}`));

// An event of no interest: the function reads it and is done, without a call.
const event = JSON.stringify({ source: 'aws.ec2', account: '111111111111', region: 'us-east-1', detail: {} });
const environment = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  DOTNET_ROOT: process.env.DOTNET_ROOT ?? dirname(readLink('dotnet')),
  DOTNET_TieredPGO: '0',
  DOTNET_TC_CallCountingDelayMs: '100000',
  ANNOTATIONS_HANDLER: 'Resume',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: '222222222222',
  AWS_SECRET_ACCESS_KEY: 'unused',
  AWS_LAMBDA_FUNCTION_NAME: 'measured',
  DEPLOYER_STAGE: 'dev',
  DEPLOYER_TABLE: 'table',
  DEPLOYER_BUCKET: 'bucket',
};

const measured = Object.fromEntries(hosts.map(([name]) => [name, []]));
for (let round = 0; round < rounds; round++) for (const [name, file] of hosts) measured[name].push(await measure(file));

const inProcess = 'in process';
const rehearsals = 5;
const best = (name, figure) => Math.min(...measured[name].map(run => run[figure]));
const rows = [
  [`start to first poll of the Runtime API, best of ${rounds}`, name => `${Math.round(best(name, 'poll'))} ms`],
  [`start to first answer, best of ${rounds}`, name => `${Math.round(best(name, 'answer'))} ms`],
  ['resident after the first answer', name => `${Math.round(best(name, 'memory') / 1024)} MiB`],
];
const measuresProcess = new Set(rows.map(([what]) => what));
const columns = hosts.map(([name]) => name);
if (process.argv.includes('--rehearse')) {
  const runs = [...hosts.map(([name, file]) => [name, { DEPLOYER_FUNCTIONS: file }, []]), [inProcess, {}, ['--in-process']]];
  const rehearsed = Object.fromEntries(runs.map(([name]) => [name, []]));
  for (let round = 0; round < rehearsals; round++)
    for (const [name, variables, options] of runs) rehearsed[name].push(rehearse(name, variables, options));
  const bestOf = (name, figure) => Math.min(...rehearsed[name].map(run => run[figure])).toFixed(1);
  columns.push(inProcess);
  rows.push([
    `the example's rehearsal, start to end, best of ${rehearsals}`,
    name => `${bestOf(name, 'all')} s, ${rehearsed[name][0].invocations} invocations`,
  ]);
  rows.push(['of this, from the first request to the end (`wallSeconds`)', name => `${bestOf(name, 'wall')} s`]);
}
console.log(`| measured | ${columns.join(' | ')} |\n|---|${columns.map(() => '---').join('|')}|`);
for (const [what, show] of rows)
  console.log(`| ${what} | ${columns.map(name => (name === inProcess && measuresProcess.has(what) ? '' : show(name))).join(' | ')} |`);

// One process from its start to its first answer.
function measure(file) {
  return new Promise((resolve, reject) => {
    let started, poll, child;
    const server = createServer((request, response) => {
      const now = performance.now() - started;
      request.resume();
      if (request.method === 'GET' && poll === undefined) {
        poll = now;
        response
          .writeHead(200, {
            'Lambda-Runtime-Aws-Request-Id': '1',
            'Lambda-Runtime-Deadline-Ms': `${Date.now() + 60000}`,
            'Lambda-Runtime-Invoked-Function-Arn': 'arn',
          })
          .end(event);
      } else if (request.url.endsWith('/response')) {
        const memory = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]);
        response.writeHead(202).end();
        end(() => resolve({ poll, answer: now, memory }));
      } else if (request.method === 'POST') {
        end(() => reject(new Error(`${file} reported ${request.url}`)));
      }
    });
    const end = settle => {
      child.removeAllListeners('exit');
      child.kill('SIGKILL');
      server.close(settle);
      server.closeAllConnections();
    };
    server.listen(0, '127.0.0.1', () => {
      started = performance.now();
      child = spawn(file, [], {
        env: { ...environment, AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${server.address().port}` },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      child.on('exit', code => end(() => reject(new Error(`${file} ended with ${code} before it answered`))));
    });
  });
}

// A rehearsal of the example: how long its process takes in all, and its own figures.
function rehearse(name, variables, options) {
  const start = performance.now();
  const run = spawnSync(
    'dotnet',
    [
      join(built, 'Deployer.Cli/debug/deployer.dll'),
      'rehearse',
      join(root, 'examples/inventory'),
      '--target',
      'dev',
      '--json',
      '-',
      ...options,
    ],
    {
      env: { ...process.env, ...variables },
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    },
  );
  const all = (performance.now() - start) / 1000;
  if (run.status !== 0) throw new Error(`the rehearsal (${name}) failed: ${run.stderr}${run.stdout}`);
  const report = JSON.parse(run.stdout);
  return { all, wall: report.clock.wallSeconds, invocations: report.lambdaInvocations };
}

// Where a program really lies.
function readLink(program) {
  return spawnSync('readlink', ['-f', spawnSync('which', [program], { encoding: 'utf8' }).stdout.trim()], {
    encoding: 'utf8',
  }).stdout.trim();
}
