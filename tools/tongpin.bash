# Completion of tongpin for bash: source it, or put it where bash-completion looks.
# Made by `make man` from src/cli/commands.def; not edited by hand.
_tongpin() {
    local word=${COMP_WORDS[COMP_CWORD]}
    local before=${COMP_WORDS[COMP_CWORD - 1]}
    local command=${COMP_WORDS[1]} words="" options="" i place=0
    [ "$COMP_CWORD" -eq 1 ] && command=help
    for ((i = 2; i <= COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in --*) ;; *) place=$((place + 1)) ;; esac
    done
    case "$command $before" in
        "init --role") words="hq box" ;;
        "import --format") words="text json" ;;
        "coverage --format") words="text json csv" ;;
        "members --format") words="text json csv" ;;
        "why --format") words="text json" ;;
        "move --format") words="text json" ;;
        "gaps --format") words="text json" ;;
        "owed --format") words="text json csv" ;;
        "ledger --format") words="text json csv" ;;
        "merge --format") words="text json csv" ;;
        "plan --format") words="text json csv" ;;
        "gate --format") words="text json csv" ;;
        "board --format") words="text json csv" ;;
        "tasks --format") words="text json csv" ;;
        "year --format") words="text json csv" ;;
        "objectives --format") words="text json csv" ;;
        "combinations --format") words="text json csv" ;;
        "activities --format") words="text json csv" ;;
        "integrity --format") words="text json csv" ;;
        "minutes --format") words="text json csv" ;;
        "assess --format") words="text json csv" ;;
        "handover --format") words="text json csv" ;;
        "closing --format") words="text json csv" ;;
        "signals --format") words="text json csv" ;;
        "receipt --format") words="text json csv" ;;
        "notice-sheet --format") words="text json csv" ;;
        "notices --format") words="text json csv" ;;
        "reader --purpose") words="integrity hardship" ;;
        "reader --format") words="text json csv" ;;
        "enrolments --role") words="hq box" ;;
        "conflicts --format") words="text json csv" ;;
        "coverage --state") words="own_branch temporary_branch joint_branch own_group attached_named attached_near liaison uncovered not_active " ;;
        "account --role") words="system_admin security_admin auditor staff leader worker " ;;
    esac
    [ -z "$words" ] && case "$command $place" in
        "import 2") words="projects units people postings holidays " ;;
        "why 2") words="membership coverage" ;;
        "account 2") words="add list disable" ;;
    esac
    case $command in
        help) words="init serve demo import coverage members why move gaps owed ledger merge plan gate board tasks year objectives combinations activities integrity minutes assess handover closing signals receipt notice-sheet notices reader unseal verify rebuild state-hash command account peers enrol enrolments sync conflicts bundle backup restore recovery-key scrub version help" ;;
        init) options="--name --role --db " ;;
        serve) options="--listen --tls-cert --tls-key " ;;
        demo) options="--quiet " ;;
        import) options="--dry-run --partial --map --format " ;;
        coverage) options="--on --unit --state --format " ;;
        members) options="--project --group --person --on --format " ;;
        why) options="--person --group --project --on --format " ;;
        move) options="--to --on --dry-run --format " ;;
        gaps) options="--on --format " ;;
        owed) options="--project --group --unit --state --period --on --format " ;;
        ledger) options="--project --group --period --on --format " ;;
        merge) options="--project --period --on --accept --format " ;;
        plan) options="--project --on --format " ;;
        gate) options="--project --on --format " ;;
        board) options="--unit --period --on --format " ;;
        tasks) options="--project --unit --group --state --goal --on --format " ;;
        year) options="--project --unit --period --on --format " ;;
        objectives) options="--project --on --format " ;;
        combinations) options="--project --on --format " ;;
        activities) options="--project --group --period --meeting --on --format " ;;
        integrity) options="--project --on --format " ;;
        minutes) options="--on --format " ;;
        assess) options="--unit --group --period --on --format " ;;
        handover) options="--period --on --format " ;;
        closing) options="--project --on --format " ;;
        signals) options="--project --unit --kind --state --on --format " ;;
        receipt) options="--solved --unsolved --on --format " ;;
        notice-sheet) options="--project --unit --period --on --format " ;;
        notices) options="--project --on --format " ;;
        reader) options="--unit --purpose --person --key-file --format " ;;
        unseal) options="--key " ;;
        account) options="--role --scope --person " ;;
        peers) options="--key --sealing --scope --reason " ;;
        enrolments) options="--scope --role --as --out " ;;
        sync) options="--with " ;;
        conflicts) options="--format " ;;
        bundle) options="--to --reply --plain " ;;
        backup) options="--to --passphrase " ;;
        restore) options="--key --passphrase --db " ;;
    esac
    case $word in --*) words=$options ;; esac
    if [ -n "$words" ]; then
        COMPREPLY=($(compgen -W "$words" -- "$word"))
    else
        COMPREPLY=($(compgen -f -- "$word"))
    fi
}
complete -o filenames -F _tongpin tongpin
