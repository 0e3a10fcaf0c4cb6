# Sourced by the scripts beside it: pinned versions, the cache, certificates, and starting and ending processes by pid file.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
kubernetes=v1.35.4 etcd=v3.6.16 kwok=v0.8.0 helm=v4.2.4 kueue=v0.18.3 prometheus=v0.316.0
cache=${AUTOLOSS_CLUSTER_CACHE:-$HOME/.cache/autoloss-cluster}
bin=$cache/$kubernetes/bin
PATH=$bin:$PATH

# They exist inside the node's own network only.
node_ip=10.77.0.1 service_range=10.96.0.0/16 service_ip=10.96.0.1 pod_range=10.78.0.0/24

die() {
  echo "${0##*/}: $*" >&2
  exit 1
}

# usage [CODE]: the comment at the head of the script
usage() {
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
  exit "${1:-0}"
}

need() {
  local name
  for name; do
    [ -x "$bin/$name" ] || die "$name is not built: run $here/build all"
  done
}

# cluster DIR: sets dir and, for sockets (whose path may have 107 characters), run
cluster() {
  mkdir -p "$1"
  dir=$(cd "$1" && pwd -P)
  id=$(printf %s "$dir" | sha256sum | cut -c1-8)
  run=/tmp/autoloss-$id
  pki=$dir/pki
}

# start NAME COMMAND...: in the background, in a session of its own; log in DIR/log/NAME.log, pid and start time in DIR/pid/NAME
start() {
  local name=$1
  shift
  mkdir -p "$dir/log" "$dir/pid"
  setsid "$@" >>"$dir/log/$name.log" 2>&1 </dev/null 9>&- &
  echo "$! $(start_time $!)" >"$dir/pid/$name"
}

# start_time PID: tells a pid that was given away again from ours; empty when there is no such process
start_time() { awk '{sub(/.*\) /, ""); if ($1 != "Z") print $20}' "/proc/$1/stat" 2>/dev/null || true; }

alive() {
  local pid time
  read -r pid time 2>/dev/null <"$dir/pid/$1" && [ -n "$time" ] && [ "$(start_time "$pid")" = "$time" ]
}

# stop NAME...: TERM, after 10 s KILL; only processes that start began
stop() {
  local name pid time
  for name; do
    if alive "$name"; then
      read -r pid time <"$dir/pid/$name"
      kill -TERM "$pid" 2>/dev/null || true
      for _ in $(seq 100); do
        alive "$name" || break
        sleep 0.1
      done
      ! alive "$name" || kill -KILL "$pid" 2>/dev/null || true
    fi
    rm -f "$dir/pid/$name"
  done
}

# await SECONDS WHAT COMMAND...: until the command succeeds
await() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < end)) || die "$what: not ready, see $dir/log"
    sleep 0.2
  done
}

admin() { kubectl --kubeconfig "$dir/kubeconfig" "$@"; }

free_ports() {
  python3 - "$1" <<'PYTHON'
import socket, sys
sockets = [socket.socket() for _ in range(int(sys.argv[1]))]
for one in sockets:
    one.bind(("127.0.0.1", 0))
print(*(one.getsockname()[1] for one in sockets))
PYTHON
}

# certificate NAME SUBJECT [SAN]: a key and certificate of the cluster's own authority
certificate() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$pki/$1.key" -subj "$2" -out "$pki/$1.csr" 2>/dev/null
  openssl x509 -req -in "$pki/$1.csr" -CA "$pki/ca.crt" -CAkey "$pki/ca.key" -CAcreateserial -days 3650 -out "$pki/$1.crt" \
    -extfile <(
      echo "extendedKeyUsage=clientAuth,serverAuth"
      [ -z "${3:-}" ] || echo "subjectAltName=$3"
    ) 2>/dev/null
}

# kubeconfig FILE SERVER CERTIFICATE
kubeconfig() {
  cat >"$1" <<YAML
apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "$2", certificate-authority-data: $(base64 -w0 "$pki/ca.crt")}}]
users: [{name: u, user: {client-certificate-data: $(base64 -w0 "$pki/$3.crt"), client-key-data: $(base64 -w0 "$pki/$3.key")}}]
contexts: [{name: x, context: {cluster: c, user: u}}]
current-context: x
YAML
  chmod 600 "$1"
}
