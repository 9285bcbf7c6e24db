#!/usr/bin/env bash
# The steps of a run over S3, against moto's server on this machine, undisturbed and killed: the tests named, or
# both. Needs Python; installs the server into target/ where it is not.
set -euo pipefail
cd "$(dirname "$0")/../.."
venv=target/moto
[ -x "$venv/bin/moto_server" ] || {
    python3 -m venv "$venv"
    "$venv/bin/pip" install -q "moto[s3,server]==5.2.5"
}
port=$("$venv/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$venv/bin/moto_server" -H 127.0.0.1 -p "$port" >/dev/null 2>&1 &
server=$!
trap 'kill $server' EXIT
"$venv/bin/python" - "$port" <<'PY'
import sys, time, boto3
from botocore.exceptions import ClientError

key = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
s3 = boto3.client("s3", endpoint_url=f"http://127.0.0.1:{sys.argv[1]}", **key)
for _ in range(100):
    try:
        s3.create_bucket(Bucket="pacioli-test")
        break
    except Exception:
        time.sleep(0.2)
# What the runs rest on: a put on the condition that there is none.
s3.put_object(Bucket="pacioli-test", Key="probe", Body=b"first", IfNoneMatch="*")
try:
    s3.put_object(Bucket="pacioli-test", Key="probe", Body=b"second", IfNoneMatch="*")
    sys.exit("this server replaces objects")
except ClientError as error:
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 412, error
PY
[ $# -gt 0 ] || set -- parts::three_steps_over_a_bucket killed::every_step_that_is_killed_over_a_bucket_goes_on
export AWS_ENDPOINT_URL=http://127.0.0.1:$port AWS_ALLOW_HTTP=true AWS_REGION=us-east-1
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
PACIOLI_TEST_BUCKET=pacioli-test cargo test --test cmd -- --exact --nocapture "$@"
