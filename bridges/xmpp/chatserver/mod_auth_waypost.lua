-- SPDX-License-Identifier: Apache-2.0
-- Prosody's authentication by the Dovecot beside it: a villager has one name and one password for
-- mail and chat.
--
-- Debian's mod_auth_dovecot asks too, but stops the whole server while Dovecot lets who typed a wrong
-- password wait, takes every name for an account, and does not load before Dovecot runs. Here each
-- attempt has a connection of its own and nobody else waits for it; Dovecot is told the address
-- that it comes from, so its waiting times count as they do for mail.
--
-- Dovecot's protocols: doc.dovecot.org, "Dovecot Authentication Protocol v1.1" and "v1.0 master".
local async = require "util.async";
local base64 = require "util.encodings".base64;
local new_sasl = require "util.sasl".new;
local promise = require "util.promise";
local server = require "net.server";
local unix = require "socket.unix";

local sign_in_socket = module:get_option_string("waypost_sign_in");
local people_socket = module:get_option_string("waypost_people");
local most_bytes = 16384; -- of all that Dovecot says about one attempt
local look_every = 10; -- seconds between looks at who is no longer there
local answer_within = 1; -- seconds, of the lookup that the server waits for
local hosts = prosody.hosts;

-- Dovecot knows a client by a number that no other has. Postfix's are process ids: below 2^22
-- (proc(5), pid_max).
local client_number = 2 ^ 22 + math.random(2 ^ 24);

local function hello()
	client_number = client_number + 1;
	return ("VERSION\t1\t1\nCPID\t%d\n"):format(client_number);
end

local function connected(path)
	local socket = unix.stream();
	socket:settimeout(answer_within);
	local ok, why = socket:connect(path);
	if ok then return socket; end
	socket:close();
	module:log("error", "Dovecot is not there (%s: %s): nobody can sign in", path, why);
end

-- The answer to AUTH 1: "yes", "no", or "later".
local function verdict(line, name)
	if line:find("^OK\t1\t") then
		return (line .. "\t"):find("\tuser=" .. name .. "\t", 1, true) and "yes" or "no";
	elseif line:find("^FAIL\t1") then
		return (line .. "\t"):find("\ttemp\t", 1, true) and "later" or "no";
	elseif line:find("^CONT\t1") then
		return "no";
	end
end

local waiting = {}; -- connection -> { name, tell, text }

local function done(conn, answer)
	local one = waiting[conn];
	if not one then return; end
	waiting[conn] = nil;
	one.tell(answer);
	conn:close();
end

local listener = {};
function listener.onconnect() end
function listener.onincoming(conn, more)
	local one = waiting[conn];
	if not one then return; end
	one.text = one.text .. more;
	if #one.text > most_bytes then return done(conn, "later"); end
	for line in one.text:gmatch("([^\n]*)\n") do
		local answer = verdict(line, one.name);
		if answer then return done(conn, answer); end
	end
end
function listener.ondisconnect(conn) done(conn, "later"); end
function listener.onreadtimeout(conn) done(conn, "later"); return true; end

local function ask(name, password, address)
	return promise.new(function (tell)
		local socket = connected(sign_in_socket);
		if not socket then return tell("later"); end
		socket:settimeout(0);
		local conn = server.wrapclient(socket, "unix", 0, listener, "*a");
		if not conn then return tell("later"); end
		-- Dovecot speaks at once. What can be read before it was seen that the connection stands
		-- counts as a failure to connect (net.server_epoll).
		if conn.onconnect then conn:onconnect(); end
		waiting[conn] = { name = name, tell = tell, text = "" };
		conn:write(hello() .. table.concat({ "AUTH", "1", "PLAIN", "service=xmpp", "secured",
			"rip=" .. address, "resp=" .. base64.encode("\0" .. name .. "\0" .. password) }, "\t") .. "\n");
	end);
end

-- true, false, or nil if Dovecot does not say.
local function is_there(name)
	local socket = connected(people_socket);
	if not socket then return nil; end
	socket:send("VERSION\t1\t1\nUSER\t1\t" .. name:gsub("[%z\1-\31]", "") .. "\tservice=xmpp\n");
	local answer;
	repeat
		local line = socket:receive();
		if line and line:find("^USER\t1\t") then answer = true; end
		if line and line:find("^NOTFOUND\t1") then answer = false; end
	until not line or answer ~= nil or line:find("^FAIL");
	socket:close();
	return answer;
end

local function handler(address)
	local later;
	local sasl = new_sasl(module.host, {
		plain_test = function (_, name, password)
			local answer = async.wait_for(ask(name, password, address));
			later = answer == "later";
			return answer == "yes", true;
		end
	});
	local process = sasl.process;
	-- That Dovecot is away says nothing about the password.
	function sasl:process(message)
		local status, condition, text = process(self, message);
		if status == "failure" and later then
			return status, "temporary-auth-failure", "The box cannot look up passwords now.";
		end
		return status, condition, text;
	end
	function sasl.clean_clone() return handler(address); end
	return sasl;
end

local elsewhere = "Passwords are set at the box: waypost people password";
local provider = {};
function provider.get_sasl_handler(session) return handler(session and session.ip or "127.0.0.1"); end
function provider.test_password(name, password)
	return async.wait_for(ask(name, password, "127.0.0.1")) == "yes";
end
-- A letter to somebody who is not there comes back; while Dovecot is away it is kept.
function provider.user_exists(name) return is_there(name) ~= false; end
function provider.get_password() return nil, elsewhere; end
function provider.set_password() return nil, elsewhere; end
function provider.create_user() return nil, elsewhere; end
function provider.delete_user() return nil, elsewhere; end
module:provides("auth", provider);

-- Whoever was removed is signed out as well.
module:add_timer(look_every, function ()
	for name, user in pairs(hosts[module.host].sessions or {}) do
		if is_there(name) == false then
			for _, session in pairs(user.sessions) do
				session:close({ condition = "not-authorized", text = "This account is no more" });
			end
		end
	end
	return look_every;
end);
