// Forms the replica set and gives the program its user; run again, it changes nothing.
const fs = require('fs');

const secret = (name) => fs.readFileSync('/secrets/' + name, 'utf8').trim();
const rootAt = (hosts, query) => `mongodb://root:${secret('root-password')}@${hosts}/?authSource=admin&${query}`;

const hosts = ['mongo1:27017', 'mongo2:27017', 'mongo3:27017'];
// a lost primary is replaced within seconds, not in the default ten and more
const settings = { electionTimeoutMillis: 2000 };
const members = hosts.map((host, id) => ({ _id: id, host }));

// eventually tries again until what may still be starting has answered.
function eventually(what, attempt) {
	const end = Date.now() + 120_000;
	for (;;) {
		try {
			return attempt();
		} catch (e) {
			if (Date.now() > end) throw new Error(`${what}: ${e.message}`);
			sleep(1000);
		}
	}
}

const NotYetInitialized = 94;
const first = eventually('mongo1 does not answer', () =>
	connect(rootAt(hosts[0], 'directConnection=true&serverSelectionTimeoutMS=5000')));
const admin = first.getSiblingDB('admin');

let config = null;
try {
	config = admin.runCommand({ replSetGetConfig: 1 }).config;
} catch (e) {
	if (e.code !== NotYetInitialized) throw e;
}
if (config === null) {
	eventually('the set cannot be formed', () =>
		admin.runCommand({ replSetInitiate: { _id: 'qunxian', members, settings } }));
	print('replica set formed');
}

const primary = eventually('no primary', () =>
	connect(rootAt(hosts.join(','), 'replicaSet=qunxian&serverSelectionTimeoutMS=5000')));
const users = primary.getSiblingDB('admin');

if (config !== null && config.settings.electionTimeoutMillis !== settings.electionTimeoutMillis) {
	Object.assign(config.settings, settings);
	config.version += 1;
	users.runCommand({ replSetReconfig: config });
	print('election timeout set');
}

if (users.getUser('qunxian') === null) {
	eventually('the user cannot be made', () => users.runCommand({
		createUser: 'qunxian', pwd: secret('app-password'), roles: [{ role: 'readWrite', db: 'qunxian' }],
	}));
	print('user made');
}
print('replica set ready');
