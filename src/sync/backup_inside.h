#pragma once
/*
 * backup_inside — what writing and reading a backup have in common; nobody else includes this.
 */
#include "seal/sign.h"
#include "sync/backup.h"

#define BACKUP_MAGIC     "TPBACKUP"
#define BACKUP_VERSION   1
#define BACKUP_NODE_FILE "node.json"
#define BACKUP_NODE_KEY  "keys/node"

typedef enum BackupFrame {
    BACKUP_HEAD = 1,
    BACKUP_FILE = 2,
    BACKUP_ROWS = 3,
    BACKUP_END = 4,
} BackupFrame;

/* node.json, or a plain name in keys or rules: what a backup may put into a node's directory. */
bool backup_path_is_good(Text path);

Signature backup_sign(const SigningKey *key, const Digest *content);
bool backup_is_signed(const PublicKey *key, const Digest *content, const Signature *signature);
