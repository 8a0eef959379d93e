#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# install-vscode.sh: the real VS Code workbench (code-server), and Chromium with Playwright to drive it.
#
# Debian packages need root; the rest comes from npm into $BPF_LSP_CACHE (default: .cache of
# the repository), about 0.8 GB and three minutes the first time, nothing afterwards.
# Exit 0: everything is there. Exit 3: this machine cannot install it; stderr says why.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
cache=${BPF_LSP_CACHE:-$here/../.cache}
home=$cache/vscode

node_major=24          # code-server is published for this Node only
code_server=4.139.1    # VS Code 1.139.1
playwright=1.65.1      # -core: drives a browser that is already installed
debian_packages=(chromium g++ make python3 pkg-config libkrb5-dev libx11-dev libxkbfile-dev libsecret-1-dev)

cannot() {
	say "install-vscode: $*"
	exit 3
}

case $(uname -s)-$(uname -m) in
Linux-x86_64) arch=x64 ;;
Linux-aarch64) arch=arm64 ;;
*) cannot "the real-client tests run on Linux on x86-64 or arm64 only" ;;
esac
command -v npm >/dev/null 2>&1 || cannot "npm is not installed (Node 20 or later is needed)"
command -v dpkg-query >/dev/null 2>&1 || cannot "only Debian and its kin are supported"

if [ -n "$(missing_packages "${debian_packages[@]}")" ]; then
	can_apt || cannot "these Debian packages are missing and installing needs root:" $(missing_packages "${debian_packages[@]}")
	apt_install "${debian_packages[@]}" || cannot "Debian packages could not be installed"
fi

mkdir -p "$home"
home=$(cd "$home" && pwd)
exec 9>"$home/.lock"
flock 9

stamp=node$node_major-$arch-code-server$code_server-playwright$playwright
if [ "$(cat "$home/.stamp" 2>/dev/null)" = "$stamp" ]; then
	exit 0
fi
say "installing code-server $code_server and playwright-core $playwright into $home (about three minutes)"
log=$home/install.log
trap 'say "install-vscode: failed, the end of $log:"; tail -n 30 "$log" >&2' ERR
: >"$log"
rm -f "$home/.stamp"

# project DIR starts an npm project of its own, so that nothing leaks into a parent folder.
project() {
	mkdir -p "$home/$1"
	echo '{"private":true}' >"$home/$1/package.json"
	cd "$home/$1"
}
npm_get() { npm install --ignore-scripts --no-audit --no-fund --no-save "$@" >>"$log" 2>&1 </dev/null; }

project node
npm_get "node-linux-$arch@$node_major"
node=$home/node/node_modules/node-linux-$arch
mkdir -p "$home/bin"
ln -sfn "$node/bin/node" "$home/bin/node"
export PATH=$home/bin:$PATH npm_config_nodedir=$node

project playwright
npm_get "playwright-core@$playwright"

# Native modules are compiled against the headers that came with Node, hence nodedir above.
project code-server
npm_get "code-server@$code_server"
npm rebuild argon2 >>"$log" 2>&1 </dev/null
cd node_modules/code-server
npm_config_user_agent="npm/11 node/$(node --version) linux $arch" sh ./postinstall.sh >>"$log" 2>&1 </dev/null

echo "$stamp" >"$home/.stamp"
say "installed in $home"
