# SPDX-License-Identifier: GPL-2.0-only
# Shared by the setup scripts: what they say, and how they ask Debian for packages.
# Sourced, never run.

say() { printf '%s\n' "$*" >&2; }

# can_apt says whether this user may install Debian packages here.
can_apt() { command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; }

# missing_packages PACKAGE... prints those that dpkg does not report as installed.
missing_packages() {
	local package
	for package; do
		dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || echo "$package"
	done
}

# apt_install PACKAGE... installs the missing ones. Two clones may do this at once:
# dpkg's lock is waited for, and the package lists, which have a lock without a
# timeout, are tried again.
apt_install() {
	local missing try
	missing=$(missing_packages "$@")
	[ -n "$missing" ] || return 0
	say "installing" $missing
	for try in 1 2 3 4 5 6; do
		# shellcheck disable=SC2086 # one word a package
		if DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
			-o DPkg::Lock::Timeout=600 $missing >&2; then
			return 0
		fi
		apt-get update -q -o DPkg::Lock::Timeout=600 >&2 || sleep 5
		missing=$(missing_packages "$@")
		[ -n "$missing" ] || return 0
	done
	say "apt-get could not install" $missing
	return 1
}
