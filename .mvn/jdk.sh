# Sourced by mvnw and autoloss: sets JAVA_HOME to a JDK of release 25 or newer, or says what to install.
# Order: JAVA_HOME, the java on PATH, then the folders where JDKs usually lie.

jdk_release() {
  # The release file is read first: starting a JVM only to ask its version costs a tenth of a second.
  _jdk_version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null)
  printf %s "${_jdk_version:-0}"
}

jdk_fits() {
  [ -x "$1/bin/javac" ] && [ "$(jdk_release "$1")" -ge 25 ]
}

find_jdk() {
  if [ -n "${JAVA_HOME-}" ] && jdk_fits "$JAVA_HOME"; then
    return 0
  fi
  _jdk_java=$(command -v java 2>/dev/null || :)
  if [ -n "$_jdk_java" ]; then
    _jdk_home=$(cd "$(dirname "$(readlink -f "$_jdk_java" 2>/dev/null || printf %s "$_jdk_java")")/.." && pwd -P)
    if jdk_fits "$_jdk_home"; then
      JAVA_HOME=$_jdk_home && export JAVA_HOME && return 0
    fi
  fi
  set +f
  for _jdk_home in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /opt/homebrew/opt/openjdk* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.jdks/*; do
    if jdk_fits "$_jdk_home"; then
      JAVA_HOME=$_jdk_home && export JAVA_HOME && return 0
    fi
  done
  echo "No JDK of release 25 or newer found: install one (for example Eclipse Temurin 25) or set JAVA_HOME to it." >&2
  return 1
}
