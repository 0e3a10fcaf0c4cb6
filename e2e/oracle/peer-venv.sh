# Sourced: peer_venv makes a virtual environment with the PyTorch that losses are compared with and sets $python;
# it fails with a line on stderr where that can't be. AUTOLOSS_PEERS says where such environments are kept.
peer_torch=2.7.1

peer_venv() {
  folder=${AUTOLOSS_PEERS:-$HOME/.cache/autoloss-peers}/torch-$peer_torch
  python=$folder/bin/python
  if "$python" -c "import torch; assert torch.__version__.startswith('$peer_torch')" 2>/dev/null; then
    return
  fi
  echo "Installing PyTorch $peer_torch into $folder" >&2
  mkdir -p "$folder"
  if ! { python3 -m venv "$folder" &&
    "$python" -m pip install --quiet --disable-pip-version-check "torch==$peer_torch" numpy==2.2.6; } >"$folder/install.log" 2>&1; then
    echo "PyTorch $peer_torch can't be installed here: $(tail -n 1 "$folder/install.log")" >&2
    return 1
  fi
}
